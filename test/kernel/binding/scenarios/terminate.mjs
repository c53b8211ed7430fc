/**
 * Ends in the middle of everything: node terminate.mjs HOW
 *
 * exit      process.exit with calls in flight
 * end       everything is closed, and the process ends by itself
 * abandon   nothing is closed, nothing is pending: the process ends by itself
 * worker    workers that load the addon are terminated with calls in flight; the main thread never loads it
 * both      the same, while the main thread uses it too
 *
 * Prints `survived` at the end, and is run under sanitizers too.
 */
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'

/** @import { NativeBinding, NativeDump } from '../../../../src/binding.js' */

const how = isMainThread ? process.argv[2] : workerData
const root = fileURLToPath(new URL('../../../..', import.meta.url))
/** @returns {NativeBinding} */
const load = () => createRequire(import.meta.url)('node-gyp-build')(root)
/** @param {number} type @param {number} length @param {(view: DataView) => void} [fill] */
function request(type, length, fill) {
  const view = new DataView(new ArrayBuffer(16 + length))
  view.setUint32(0, 16 + length, true)
  view.setUint16(4, type, true)
  fill?.(view)
  return new Uint8Array(view.buffer)
}
/** @param {number} index */
const getLink = (index) => request(18, 16, (view) => view.setInt32(20, index, true))
const dumpRoutes = () => request(26, 12, (view) => view.setUint8(16, 2))
/** @param {number} number */
const newRoute = (number) =>
  request(24, 20, (view) => {
    view.setUint16(6, 0x600, true)
    view.setUint8(16, 2)
    view.setUint8(17, 32)
    view.setUint8(20, 254)
    view.setUint8(21, 4)
    view.setUint8(23, 6)
    view.setUint16(28, 8, true)
    view.setUint16(30, 1, true)
    view.setUint32(32, 0x0a000000 + number)
  })

/** Routes as columns to 10.x.x.x/32, of which there are some. @param {number} rows */
function packed(rows) {
  const columns = new Uint8Array(rows * 26)
  const words = new Uint32Array(columns.buffer, 0, rows * 6)
  for (let row = 0; row < rows; row++) {
    words[row] = 0x0a000000 + row
    words[rows * 2 + row] = 1
    words[rows * 4 + row] = 254
    columns[rows * 24 + row] = 32
  }
  return { family: 2, capacity: rows, rows, columns }
}

/** Starts some of everything, and gives back what is in flight. @param {NativeBinding} binding */
async function occupy(binding) {
  const ns = await binding.createNamespace(undefined)
  const first = await binding.openSocket({ protocol: 0, namespace: ns })
  const rest = Array.from({ length: 5 }, () => binding.openSocket({ protocol: 0, namespace: ns }))
  const sockets = [first, ...(await Promise.all(rest))]
  const many = Buffer.concat(Array.from({ length: 5000 }, (_, index) => newRoute(index)))
  await first.exchange(many, undefined, 1)
  const subscription = await binding.openSubscription({ protocol: 0, namespace: ns }, [1, 7])
  const child = await binding.spawn(ns, {
    file: 'sleep',
    args: ['sleep', '0.3'],
    env: ['PATH=/usr/bin:/bin'],
    stdio: [-1, -1, -2],
    mountSys: false,
    binds: []
  })
  binding.closeDescriptor(child.stdio[2] ?? -1)
  /** @type {Promise<unknown>[]} */
  const flight = [subscription.read()]
  const dumps = []
  for (const [index, socket] of sockets.entries()) {
    const dump = socket.dump(dumpRoutes(), 16384, 2, index % 3 === 0 ? 2 : undefined)
    const first = dump.read()
    flight.push(first)
    // The other half are left alone after their first chunk, and hold up what is behind them.
    if (index % 2 === 0) void first.then(({ done }) => (done ? undefined : drain(dump)))
    else dumps.push({ dump, first })
    for (let call = 0; call < 20; call++) {
      flight.push(socket.exchange(getLink(call), { replies: true }, 3 + call))
    }
    flight.push(socket.exchange(many, undefined, 100), binding.createNamespace(undefined))
    flight.push(socket.exchangeRoutes(packed(5000), { type: 24, flags: 0x600 }, 101))
  }
  for (const each of flight) each.catch(() => undefined)
  return { ns, first, sockets, subscription, child, dumps, flight }
}

/** @param {NativeDump} dump */
async function drain(dump) {
  while (!(await dump.read()).done);
}

if (!isMainThread) {
  const binding = load()
  const held = await occupy(binding)
  parentPort?.postMessage('busy')
  // Keeps calls in flight until the end.
  for (;;) {
    await Promise.all(held.sockets.map((socket) => socket.exchange(getLink(1), undefined, 1)))
  }
}

/** @param {number} count */
async function workers(count) {
  for (let turn = 0; turn < count; turn++) {
    const crew = [0, 1].map(() => new Worker(fileURLToPath(import.meta.url), { workerData: how }))
    for (const worker of crew) {
      worker.on('error', (error) => {
        throw error
      })
    }
    await Promise.all(crew.map((worker) => new Promise((resolve) => worker.once('message', resolve))))
    await Promise.all(crew.map((worker) => worker.terminate()))
  }
}

if (isMainThread) {
  if (how === 'worker') {
    await workers(3)
    console.log('survived')
  } else if (how === 'both') {
    const binding = load()
    const held = await occupy(binding)
    await workers(3)
    const { replies } = await held.first.exchange(getLink(1), { replies: true }, 1)
    if (replies.length < 100) throw new Error('the main thread lost its socket')
    await Promise.all([...held.sockets, held.subscription].map((each) => each.close()))
    console.log('survived')
  } else if (how === 'exit') {
    await occupy(load())
    console.log('survived')
    process.exit(0)
  } else {
    const held = await occupy(load())
    if (how === 'end') {
      await Promise.all([...held.sockets, held.subscription].map((each) => each.close()))
      await Promise.allSettled(held.flight)
      held.ns.close()
    } else {
      held.child.unref()
      // A read that is pending would never settle.
      for (const { dump, first } of held.dumps) void first.then(() => dump.discard())
      await held.subscription.close()
      await Promise.allSettled(held.flight)
    }
    console.log('survived')
  }
}
