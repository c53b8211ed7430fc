import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { closeSync, fstatSync, readFileSync } from 'node:fs'
import { Agent, createServer, get, type IncomingMessage } from 'node:http'
import { type AddressInfo, Server, Socket, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { beforeAll, afterAll, describe, expect, it } from 'vitest'
import { NetworkNamespace } from '../../../src/namespace/index.js'
import { NetworkStack } from '../../../src/network-stack.js'
import { descriptors, descriptorsAtRest, descriptorsBack } from '../../setup/descriptors.js'
import { execute } from '../../setup/namespace.js'
import { needs, program } from '../../setup/requirements.js'

/** Waits until no more are open than before; what closes them may be under way. */

async function withLoopback(): Promise<NetworkNamespace> {
  const namespace = await NetworkNamespace.create()
  await execute('nsenter', [`--net=${namespace.path}`, 'ip', 'link', 'set', 'lo', 'up'])
  return namespace
}

describe('openSocket', () => {
  needs(program('ip'), program('nsenter'))
  let namespace: NetworkNamespace
  beforeAll(async () => {
    namespace = await withLoopback()
  })
  afterAll(() => namespace.close())

  it('lets a server and a client of this process talk inside', async () => {
    const fd = await namespace.openSocket({ type: 'tcp', address: '127.0.0.1', port: 8080 })
    const server = createServer((request, response) => response.end(`hello ${request.url}`))
    server.listen({ fd })
    await once(server, 'listening')
    expect(server.address()).toEqual({ address: '127.0.0.1', family: 'IPv4', port: 8080 })

    const client = new Socket({ fd: await namespace.openSocket({ type: 'tcp' }) })
    client.connect(8080, '127.0.0.1')
    await once(client, 'connect')
    const agent = new Agent()
    agent.createConnection = () => client
    const request = get({ host: '127.0.0.1', port: 8080, path: '/inside', agent })
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    expect(await text(response)).toBe('hello /inside')

    // Outside, there is nobody.
    const outside = connect(8080, '127.0.0.1')
    const [error] = (await once(outside, 'error')) as [NodeJS.ErrnoException]
    expect(error.code).toMatch(/ECONNREFUSED|ENETUNREACH|ENETDOWN/)
    agent.destroy()
    client.destroy()
    server.close()
    await once(server, 'close')
  })

  it('listens over IPv6 for both families, or for one', async () => {
    const both = new Server().listen({
      fd: await namespace.openSocket({ type: 'tcp', family: 'inet6', port: 0 })
    })
    await once(both, 'listening')
    const { port, address } = both.address() as AddressInfo
    expect(address).toBe('::')
    for (const [family, host] of [
      ['inet', '127.0.0.1'],
      ['inet6', '::1']
    ] as const) {
      const client = new Socket({ fd: await namespace.openSocket({ type: 'tcp', family }) })
      client.connect(port, host)
      await once(client, 'connect')
      client.destroy()
    }
    both.close()

    const fd = await namespace.openSocket({ type: 'tcp', address: '::', port, ipv6Only: true, listen: true })
    const client = new Socket({ fd: await namespace.openSocket({ type: 'tcp' }) })
    client.connect(port, '127.0.0.1')
    const [error] = (await once(client, 'error')) as [NodeJS.ErrnoException]
    expect(error.code).toBe('ECONNREFUSED')
    closeSync(fd)
  })

  it('listens by itself when asked to', async () => {
    const fd = await namespace.openSocket({ type: 'tcp', address: '127.0.0.1', port: 8081, listen: 1 })
    const client = new Socket({ fd: await namespace.openSocket({ type: 'tcp' }) })
    client.connect(8081, '127.0.0.1')
    await once(client, 'connect')
    const server = new Server().listen({ fd })
    const [accepted] = (await once(server, 'connection')) as [Socket]
    accepted.end('queued')
    expect(await text(client)).toBe('queued')
    server.close()
  })

  it('gives a UDP socket the receive buffer that was asked for', async () => {
    const socket = createSocket('udp4')
    const asked = 64 << 20
    socket.bind({ fd: await namespace.openSocket({ type: 'udp', port: 0, receiveBuffer: asked }) })
    const most = Number(readFileSync('/proc/sys/net/core/rmem_max', 'utf8'))
    // Forcing takes a right in the first user namespace.
    const granted = process.env['NETLOOM_TEST_ISOLATION'] === 'user' ? Math.min(most, asked) : asked
    expect(socket.getRecvBufferSize()).toBe(2 * granted)
    socket.close()
  })

  it('gives dgram a socket', async () => {
    const server = createSocket('udp4')
    server.bind({ fd: await namespace.openSocket({ type: 'udp', address: '127.0.0.1', port: 5353 }) })
    expect(server.address()).toMatchObject({ address: '127.0.0.1', port: 5353 })
    const client = createSocket('udp4')
    client.bind({ fd: await namespace.openSocket({ type: 'udp', port: 0 }) })
    client.send('ping', 5353, '127.0.0.1')
    const [message] = (await once(server, 'message')) as [Buffer]
    expect(message.toString()).toBe('ping')
    client.close()
    server.close()
  })

  it('opens raw sockets', async () => {
    const fd = await namespace.openSocket({ type: 'raw', protocol: 'icmp', address: '127.0.0.1' })
    expect(fstatSync(fd).isSocket()).toBe(true)
    const table = namespace.runSync(() => readFileSync('/proc/thread-self/net/raw', 'utf8'))
    closeSync(fd)
    // Local address and protocol, as /proc/net/raw shows them.
    expect(table).toContain('0100007F:0001')
  })

  it('shares a port only when asked to', async () => {
    const open = (reusePort?: boolean) =>
      namespace.openSocket({ type: 'udp', address: '127.0.0.1', port: 7777, reusePort })
    const first = await open(true)
    const second = await open(true)
    const before = await descriptorsAtRest()
    await expect(open()).rejects.toMatchObject({
      name: 'NetlinkError',
      code: 'EADDRINUSE',
      syscall: 'bind',
      message: expect.stringContaining('namespace.openSocket') as unknown
    })
    await descriptorsBack(before)
    closeSync(first)
    closeSync(second)
  })

  it('binds to a link, marks, and binds to foreign addresses', async () => {
    const fd = await namespace.openSocket({
      type: 'tcp',
      address: '192.0.2.1',
      port: 80,
      device: 'lo',
      mark: 0xffffffff,
      transparent: true
    })
    closeSync(fd)
    await expect(namespace.openSocket({ type: 'tcp', address: '192.0.2.1', port: 80 })).rejects.toMatchObject(
      {
        code: 'EADDRNOTAVAIL'
      }
    )
    await expect(namespace.openSocket({ type: 'udp', device: 'eth9' })).rejects.toMatchObject({
      code: 'ENODEV'
    })
  })

  it('refuses what can not be, before anything is opened', async () => {
    const before = await descriptorsAtRest()
    await expect(namespace.openSocket({ type: 'tcp', port: 65536 })).rejects.toThrow(RangeError)
    await expect(namespace.openSocket({ type: 'tcp', address: 'localhost' })).rejects.toThrow(TypeError)
    await expect(namespace.openSocket({ type: 'udp', receiveBuffer: 0 })).rejects.toThrow(RangeError)
    await expect(
      namespace.openSocket({ type: 'tcp', signal: AbortSignal.abort(new Error('no')) })
    ).rejects.toThrow('no')
    await descriptorsBack(before)
  })

  it('takes back a socket that nobody waits for any more', async () => {
    const before = await descriptorsAtRest()
    const controller = new AbortController()
    const work = namespace.openSocket({ type: 'tcp', port: 0, signal: controller.signal })
    controller.abort()
    await expect(work).rejects.toMatchObject({ name: 'AbortError' })
    await descriptorsBack(before)
  })
})

describe('trySockets', () => {
  it('tells of each whether it can be had, and keeps none', async () => {
    await using namespace = await NetworkNamespace.create()
    await using stack = await NetworkStack.open({ namespace })
    await stack.links.set('lo', { up: true })
    const before = await descriptorsAtRest()
    const fd = await namespace.openSocket({ type: 'tcp', address: '127.0.0.1', port: 8080, listen: true })
    const sockets = [
      { type: 'tcp', address: '127.0.0.1', port: 8080 },
      { type: 'tcp', address: '0.0.0.0', port: 8080 },
      { type: 'tcp', address: '127.0.0.1', port: 8081 },
      { type: 'udp', address: '127.0.0.1', port: 8080 },
      { type: 'tcp', address: '192.0.2.1', port: 8080 }
    ] as const
    const codes = await namespace.trySockets(sockets)
    expect(codes).toEqual(['EADDRINUSE', 'EADDRINUSE', undefined, undefined, 'EADDRNOTAVAIL'])
    closeSync(fd)
    expect(await namespace.trySockets(sockets.slice(0, 2))).toEqual([undefined, undefined])
    expect(await namespace.trySockets([])).toEqual([])
    expect(descriptors()).toBe(before)
  })

  it('refuses what can not be a socket before any is opened', async () => {
    await using namespace = await NetworkNamespace.create()
    const wrong = namespace.trySockets([{ type: 'udp' }, { type: 'tcp', port: 65536 }])
    await expect(wrong).rejects.toThrow(RangeError)
    await expect(wrong).rejects.toThrow('[1].port')
  })
})
