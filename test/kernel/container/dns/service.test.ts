/** Serving begins, changes, is taken over and ends, and leaves nothing behind. */
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LocalNameService } from '../../../../src/container/dns/index.js'
import { frame } from '../../../../src/container/dns/frames.js'
import { NetworkNamespace, nft } from '../../../../src/index.js'
import { descriptors, descriptorsAtRest } from '../../../setup/descriptors.js'
import { kernel, skipUnless } from '../../../setup/requirements.js'
import { Lab, client, queryFor } from './lab.js'
import type { Sandbox } from './lab.js'

let lab: Lab
let sandbox: Sandbox

beforeEach(async () => {
  lab = await Lab.open()
  sandbox = await lab.sandbox()
  lab.name({ names: ['web'], address: '10.88.1.2' })
})

afterEach(() => lab.close())

const query = queryFor('web')
const address = Buffer.of(10, 88, 1, 2)

/** The last four bytes of the answer, or the error that there is nobody. */
async function ask(from: Sandbox): Promise<Buffer | string> {
  const socket = await client(from)
  try {
    return await new Promise((resolve) => {
      socket.on('message', (bytes) => resolve(bytes.subarray(-4)))
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)))
      socket.send(query)
    })
  } finally {
    socket.close()
  }
}

/** Connects to the resolver over TCP. */
async function connect(): Promise<Socket> {
  const socket = new Socket({ fd: await sandbox.namespace.openSocket({ type: 'tcp' }) })
  socket.connect(53, '127.0.0.11')
  await once(socket, 'connect')
  return socket
}

const tables = (): Promise<unknown[]> => sandbox.stack.nftables.tables.list()

describe('LocalNameService', () => {
  it('answers all that arrives while the event loop is busy', async () => {
    await lab.service.serve(sandbox.served())
    const socket = createSocket('udp4')
    socket.bind({ fd: await sandbox.namespace.openSocket({ type: 'udp', receiveBuffer: 16 << 20 }) })
    socket.connect(53, '127.0.0.11')
    await once(socket, 'connect')
    let answers = 0
    socket.on('message', (bytes) => (answers += Number(bytes.subarray(-4).equals(address))))
    // All of them in one turn.
    for (let i = 0; i < 4_000; i++) socket.send(query)
    await expect.poll(() => answers, { timeout: 10_000 }).toBe(4_000)
    socket.close()
  })

  it('begins, and ends with nothing left behind', async () => {
    expect(await ask(sandbox)).toBe('ECONNREFUSED')
    expect(await tables()).toEqual([])
    const before = await descriptorsAtRest()
    await lab.service.serve(sandbox.served())
    expect(await ask(sandbox)).toEqual(address)
    expect(await tables()).toHaveLength(1)
    await lab.service.stop('s1')
    expect(await tables()).toEqual([])
    expect(await ask(sandbox)).toBe('ECONNREFUSED')
    await lab.service.stop('s1')
    await expect.poll(descriptors).toBe(before)
  })

  it('brings back rules that somebody took away', async () => {
    await lab.service.serve(sandbox.served())
    await sandbox.stack.nftables.flush()
    expect(await ask(sandbox)).toBe('ECONNREFUSED')
    await lab.service.serve(sandbox.served())
    expect(await ask(sandbox)).toEqual(address)
    expect(await sandbox.stack.nftables.rules.list()).toHaveLength(2)
  })

  it("leaves other people's rules alone", async () => {
    await sandbox.stack.nftables.commit((tx) => {
      tx.tables.add({ family: 'ip', name: 'own' })
      tx.chains.add({
        ...{ family: 'ip', table: 'own', name: 'output' },
        type: 'nat',
        hook: 'output',
        priority: -150
      })
      const expressions = [nft.match(nft.ip.daddr, '192.0.2.9'), nft.dnat({ to: '10.88.1.1' })]
      tx.rules.add({ family: 'ip', table: 'own', chain: 'output', expressions })
    })
    await lab.service.serve(sandbox.served())
    expect(await ask(sandbox)).toEqual(address)
    await lab.service.stop('s1')
    expect(await tables()).toEqual([expect.objectContaining({ name: 'own' })])
  })

  it('is taken over by another, for sockets that are in use too', async () => {
    await lab.service.serve(sandbox.served())
    const socket = await client(sandbox)
    socket.send(query)
    await once(socket, 'message')
    const second = new LocalNameService({ host: lab.host })
    const entry = { endpointId: 'e1', networkId: 'n1', networkName: 'net1' }
    second.setName({ ...entry, names: ['web'], address: '10.88.1.99' })
    await second.serve(sandbox.served())
    socket.send(query)
    const [bytes] = (await once(socket, 'message')) as [Buffer]
    expect(bytes.subarray(-4)).toEqual(Buffer.of(10, 88, 1, 99))
    socket.close()
    await second.close()
    expect(await tables()).toEqual([])
  })

  it('serves many sandboxes, each by its own networks', async () => {
    const other = await lab.sandbox()
    lab.name({ endpointId: 'e2', networkId: 'n2', names: ['web'], address: '10.88.2.2' })
    await Promise.all([
      lab.service.serve(sandbox.served()),
      lab.service.serve(other.served({ networkIds: ['n2'] }))
    ])
    expect(await ask(sandbox)).toEqual(address)
    expect(await ask(other)).toEqual(Buffer.of(10, 88, 2, 2))
    await lab.service.stop('s1')
    expect(await ask(sandbox)).toBe('ECONNREFUSED')
    expect(await ask(other)).toEqual(Buffer.of(10, 88, 2, 2))
  })

  it('goes on in another namespace', async () => {
    const other = await lab.sandbox()
    await lab.service.serve(sandbox.served())
    await lab.service.serve(other.served({ id: 's1' }))
    expect(await ask(other)).toEqual(address)
    expect(await ask(sandbox)).toBe('ECONNREFUSED')
    expect(await tables()).toEqual([])
  })

  it('needs no handle but its own', async () => {
    const namespace = await NetworkNamespace.open({ fd: sandbox.namespace.native.fd })
    await lab.service.serve(sandbox.served({ namespace }))
    await namespace.close()
    expect(await ask(sandbox)).toEqual(address)
    await lab.service.stop('s1')
    expect(await tables()).toEqual([])
  })

  it('does one thing after the other for a sandbox', async () => {
    const work = [
      lab.service.serve(sandbox.served()),
      lab.service.stop('s1'),
      lab.service.serve(sandbox.served()),
      lab.service.serve(sandbox.served({ networkIds: [] })),
      lab.service.stop('s1'),
      lab.service.serve(sandbox.served())
    ]
    await Promise.all(work)
    expect(await ask(sandbox)).toEqual(address)
    expect(await sandbox.stack.nftables.rules.list()).toHaveLength(2)
  })

  it('fails as a whole', async () => {
    sandbox = await lab.sandbox({ loopback: false })
    expect(await tables()).toEqual([])
    const before = await descriptorsAtRest()
    const work = lab.service.serve(sandbox.served())
    await expect(work).rejects.toMatchObject({
      name: 'NetloomError',
      code: 'ERR_NAME_SERVICE',
      cause: expect.objectContaining({ code: 'EADDRNOTAVAIL' }) as unknown
    })
    await expect.poll(descriptors).toBe(before)
    expect(await tables()).toEqual([])
    await sandbox.stack.links.set('lo', { up: true })
    await lab.service.serve(sandbox.served())
    expect(await ask(sandbox)).toEqual(address)
  })

  it('fails where the rules are refused', async (context) => {
    await skipUnless(context, kernel(5, 12))
    // A table that another owns can't be changed.
    await sandbox.stack.nftables.tables.add({ family: 'ip', name: 'netloom-dns', flags: ['owner'] })
    const before = await descriptorsAtRest()
    await expect(lab.service.serve(sandbox.served())).rejects.toMatchObject({ code: 'ERR_NAME_SERVICE' })
    await expect.poll(descriptors).toBe(before)
    expect(await sandbox.stack.nftables.chains.list()).toEqual([])
  })

  it('mends rules that are not as they should be', async () => {
    const place = { family: 'ip', table: 'netloom-dns' } as const
    await sandbox.stack.nftables.commit((tx) => {
      tx.tables.add({ family: 'ip', name: 'netloom-dns' })
      tx.chains.add({ ...place, name: 'output', type: 'filter', hook: 'output', priority: 0, policy: 'drop' })
    })
    await lab.service.serve(sandbox.served())
    expect(await ask(sandbox)).toEqual(address)
    expect(await tables()).toHaveLength(1)
  })

  it('refuses what can not be', async () => {
    const serve = (upstreams: unknown) => lab.service.serve(sandbox.served({ upstreams: upstreams as never }))
    await expect(serve([{ address: 'dns.example', from: 'host' }])).rejects.toMatchObject({
      code: 'ERR_INVALID_ARG_VALUE',
      field: 'upstreams[0].address'
    })
    await expect(serve([{ address: 'fe80::1%eth0', from: 'sandbox' }])).rejects.toThrow(TypeError)
    await expect(serve([{ address: '1.1.1.1', from: 'home' }])).rejects.toThrow(TypeError)
    expect(() => new LocalNameService({ host: 'host' as never })).toThrow(TypeError)
    expect(await tables()).toEqual([])
  })

  it('serves a sandbox otherwise at once, and says if it is not served', async () => {
    const { networkIds } = sandbox.served()
    expect(lab.service.change('s1', { networkIds, upstreams: [] })).toBe(false)
    await lab.service.serve(sandbox.served())
    expect(lab.service.change('s1', { networkIds: [], upstreams: [] })).toBe(true)
    expect((await sandbox.dig('web')).status).toBe('SERVFAIL')
    expect(lab.service.change('s1', { networkIds, upstreams: [] })).toBe(true)
    expect((await sandbox.dig('web')).answers).toHaveLength(1)
    expect(() =>
      lab.service.change('s1', { networkIds, upstreams: [{ address: 'x', from: 'host' }] })
    ).toThrow(TypeError)
  })

  it('closes', async () => {
    await lab.service.serve(sandbox.served())
    const starting = lab.service.serve(sandbox.served({ networkIds: [] }))
    await lab.service.close()
    await starting
    await lab.service.close()
    expect(await tables()).toEqual([])
    await expect(lab.service.serve(sandbox.served())).rejects.toMatchObject({ code: 'ERR_CLOSED' })
  })
})

describe('TCP connections', () => {
  it('are answered piece by piece, and after the client has said all', async () => {
    await lab.service.serve(sandbox.served())
    const socket = await connect()
    const framed = Buffer.concat([frame(query), frame(query), frame(query)])
    socket.setNoDelay(true)
    for (const byte of framed) {
      socket.write(Buffer.of(byte))
      await new Promise((resolve) => setImmediate(resolve))
    }
    socket.end()
    const chunks: Buffer[] = []
    for await (const chunk of socket) chunks.push(chunk as Buffer)
    const bytes = Buffer.concat(chunks)
    expect(bytes.length % 3).toBe(0)
    const each = bytes.length / 3
    for (let i = 1; i <= 3; i++) expect(bytes.subarray(i * each - 4, i * each)).toEqual(address)
  })

  it('are closed when the sandbox is not served any more', async () => {
    await lab.service.serve(sandbox.served())
    const socket = await connect()
    socket.on('error', () => undefined)
    const closed = once(socket, 'close')
    await lab.service.stop('s1')
    await closed
  })

  it('are not read from while their answers are not', async () => {
    for (let i = 0; i < 200; i++) lab.name({ endpointId: `w${i}`, names: ['web'], address: `10.88.9.${i}` })
    await lab.service.serve(sandbox.served())
    const socket = await connect()
    socket.pause()
    const block = Buffer.concat(Array.from({ length: 1000 }, () => frame(query)))
    // Each answer has 3.8 kB. Once the buffers of the kernel are full nothing moves.
    let written = 0
    let moving = true
    while (moving && written < 2000) {
      written++
      if (socket.write(block)) continue
      const drained = once(socket, 'drain').then(() => true)
      moving = await Promise.race([drained, setTimeout(1000, false)])
    }
    expect(moving).toBe(false)
    expect(await ask(sandbox)).toHaveLength(4)
    socket.destroy()
  })

  it('are read from again when their answers are', async () => {
    for (let i = 1; i < 200; i++) lab.name({ endpointId: `w${i}`, names: ['web'], address: `10.88.9.${i}` })
    await lab.service.serve(sandbox.served())
    const socket = await connect()
    socket.pause()
    // 15 MB of answers, more than the buffers hold.
    const count = 4000
    socket.end(Buffer.concat(Array.from({ length: count }, () => frame(query))))
    await setTimeout(1000)
    let received = 0
    socket.on('data', (chunk: Buffer) => (received += chunk.length)).resume()
    await once(socket, 'close')
    expect(received).toBe(count * (2 + 12 + 9 + 200 * 19))
  })

  it('are limited in number', async () => {
    await lab.service.serve(sandbox.served())
    const sockets = await Promise.all(Array.from({ length: 140 }, connect))
    let closed = 0
    for (const socket of sockets)
      socket
        .on('error', () => undefined)
        .on('close', () => closed++)
        .resume()
    await expect.poll(() => closed).toBe(12)
    expect(await ask(sandbox)).toEqual(address)
    for (const socket of sockets) socket.destroy()
  })
})

describe('a process that serves a sandbox and is killed', () => {
  it('is missed at once, and replaced by another', async () => {
    const url = (path: string): string => new URL(`../../../../src/${path}`, import.meta.url).href
    const program = `
      import { NetworkNamespace } from '${url('namespace/index.ts')}'
      import { LocalNameService } from '${url('container/dns/index.ts')}'
      const namespace = await NetworkNamespace.open({ path: process.argv[1] })
      const service = new LocalNameService({ host: await NetworkNamespace.current() })
      service.setName({ endpointId: 'e', networkId: 'n1', networkName: 'net1', names: ['web'], address: '10.88.1.5' })
      await service.serve({ id: 's', namespace, networkIds: ['n1'], upstreams: [] })
      console.log('serving')
      setInterval(() => undefined, 1000)`
    const options = ['--import', 'tsx', '--input-type=module', '-e', program, sandbox.namespace.path]
    const owner = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(owner.stdout, 'data')
    const socket = await client(sandbox)
    socket.send(query)
    const [first] = (await once(socket, 'message')) as [Buffer]
    expect(first.subarray(-4)).toEqual(Buffer.of(10, 88, 1, 5))
    owner.kill('SIGKILL')
    await once(owner, 'exit')
    expect(await tables()).toHaveLength(1)
    expect(await ask(sandbox)).toBe('ECONNREFUSED')
    await lab.service.serve(sandbox.served())
    expect(await ask(sandbox)).toEqual(address)
    socket.send(query)
    const [second] = (await once(socket, 'message')) as [Buffer]
    expect(second.subarray(-4)).toEqual(address)
    socket.close()
    await lab.service.stop('s1')
    expect(await tables()).toEqual([])
  })
})
