import { disconnectEndpoint } from '../endpoint/disconnect.js'
import { driverNamed } from '../engine/engine.js'
import type { Engine } from '../engine/engine.js'
import { deleteLinks } from '../engine/link-deletions.js'
import { beginWork, endWork, isAbandoned, workOn } from '../engine/under-way.js'
import { hasCode } from '../errors/has-code.js'
import type { EndpointRecord } from '../model/endpoint.js'
import type { NetworkRecord } from '../model/network.js'
import type { SandboxRecord } from '../model/sandbox.js'
import { dropNetwork } from '../network/create.js'
import { dropSandbox } from '../sandbox/create.js'
import {
  currentProcess,
  getEndpoint,
  getNetwork,
  getSandbox,
  listEndpoints,
  listNetworks,
  listSandboxes,
  putEndpoint,
  putNetwork,
  putSandbox
} from '../state/index.js'
import { Reconciliation } from './report.js'

/** Codes of refusals whose reason may be something that a dead process has left half done. */
const conflicts = [
  'ERR_NETWORK_EXISTS',
  'ERR_NETWORK_IN_USE',
  'ERR_SANDBOX_EXISTS',
  'ERR_ENDPOINT_EXISTS',
  'ERR_INTERFACE_EXISTS',
  'ERR_ROUTE_EXISTS',
  'ERR_SUBNET_IN_USE',
  'ERR_ADDRESS_IN_USE',
  'ERR_POOL_EXHAUSTED',
  'ERR_PORT_IN_USE',
  'ERR_LINK_IN_USE'
]

/** Does something; if it is refused because of what a dead process left half done, clears that away and does it again. */
export async function afterRecovery<T>(engine: Engine, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation()
  } catch (error) {
    if (!hasCode(error, ...conflicts)) throw error
    const { finished, undone } = await recoverAbandoned(engine)
    if (finished.length + undone.length === 0) throw error
    return operation()
  }
}

/** Finishes or undoes what processes that are dead have left half done. */
export async function recoverAbandoned(engine: Engine, done = new Reconciliation()): Promise<Reconciliation> {
  const [endpoints, sandboxes, networks] = engine.store.read((transaction) => [
    listEndpoints(transaction).filter((each) => each.phase !== 'connected' && isAbandoned(each)),
    listSandboxes(transaction).filter((each) => each.phase !== 'ready' && isAbandoned(each)),
    listNetworks(transaction).filter((each) => each.phase !== 'ready' && isAbandoned(each))
  ])
  await done.attemptEach(
    endpoints.filter(({ phase }) => phase !== 'gone'),
    (endpoint) => recoverEndpoint(engine, endpoint, done)
  )
  await done.attempt(() => recoverGone(engine, done))
  await done.attemptEach(sandboxes, (sandbox) => recoverSandbox(engine, sandbox, done))
  await done.attemptEach(networks, (network) => recoverNetwork(engine, network, done))
  return done
}

/** Thrown where another process was faster. */
class TakenError extends Error {}

async function unlessTaken(work: () => Promise<void>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (error instanceof TakenError) return false
    throw error
  }
}

async function recoverEndpoint(
  engine: Engine,
  { id, sandboxId, phase }: EndpointRecord,
  done: Reconciliation
): Promise<void> {
  await engine.turns.take(sandboxId, async () => {
    const left = engine.store.read((transaction) => getEndpoint(transaction, id))
    if (left === undefined || left.phase === 'gone' || left.phase === 'connected' || !isAbandoned(left))
      return
    try {
      await disconnectEndpoint(engine, id)
    } catch (error) {
      // Another process was faster.
      if (hasCode(error, 'ERR_ENDPOINT_NOT_FOUND')) return
      throw error
    }
    const list = phase === 'connecting' ? done.undone : done.finished
    list.push({ object: 'endpoint', id })
  })
}

/** Deletes the links of endpoints that a dead process has disconnected. */
async function recoverGone(engine: Engine, done: Reconciliation): Promise<void> {
  const claimed: EndpointRecord[] = []
  await engine.store.write((transaction) => {
    claimed.length = 0
    for (const endpoint of listEndpoints(transaction)) {
      if (endpoint.phase !== 'gone' || !isAbandoned(endpoint)) continue
      putEndpoint(transaction, { ...endpoint, owner: currentProcess() })
      claimed.push(endpoint)
    }
  })
  for (const { id } of claimed) beginWork(id)
  try {
    for (const name of new Set(claimed.map(({ driver }) => driver))) {
      const endpoints = claimed.filter(({ driver }) => driver === name)
      await deleteLinks(engine.store, engine.host, driverNamed(engine, name), endpoints)
      for (const { id } of endpoints) done.finished.push({ object: 'endpoint', id })
    }
  } finally {
    for (const { id } of claimed) endWork(id)
  }
}

async function recoverSandbox(
  engine: Engine,
  { id, name, phase }: SandboxRecord,
  done: Reconciliation
): Promise<void> {
  const was = await unlessTaken(() =>
    workOn(
      engine.store,
      (transaction) => {
        const sandbox = getSandbox(transaction, id)
        if (sandbox === undefined || sandbox.phase === 'ready' || !isAbandoned(sandbox))
          throw new TakenError()
        const removing: SandboxRecord = { ...sandbox, phase: 'removing', owner: currentProcess() }
        putSandbox(transaction, removing)
        return removing
      },
      (sandbox) => dropSandbox(engine, sandbox)
    )
  )
  if (was) (phase === 'creating' ? done.undone : done.finished).push({ object: 'sandbox', id, name })
}

async function recoverNetwork(
  engine: Engine,
  { id, name, phase }: NetworkRecord,
  done: Reconciliation
): Promise<void> {
  const was = await unlessTaken(() =>
    workOn(
      engine.store,
      (transaction) => {
        const network = getNetwork(transaction, id)
        if (network === undefined || network.phase === 'ready' || !isAbandoned(network))
          throw new TakenError()
        const removing: NetworkRecord = { ...network, phase: 'removing', owner: currentProcess() }
        putNetwork(transaction, removing)
        return removing
      },
      (network) => dropNetwork(engine, driverNamed(engine, network.driver), network)
    )
  )
  if (was) (phase === 'creating' ? done.undone : done.finished).push({ object: 'network', id, name })
}
