import { closeSync } from 'node:fs'
import { Socket, createServer } from 'node:net'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { findListeners, localPortRange } from '../../../../src/container/ports/index.js'
import type { HostPort } from '../../../../src/container/ports/index.js'
import { NetworkNamespace } from '../../../../src/namespace/index.js'
import { NetworkStack } from '../../../../src/network-stack.js'
import { descriptors, descriptorsAtRest } from '../../../setup/descriptors.js'

/** A namespace that plays the host, with an address besides the loopback ones. */
async function testHost(): Promise<NetworkNamespace> {
  const host = await NetworkNamespace.create()
  await using stack = await NetworkStack.open({ namespace: host })
  await stack.links.set('lo', { up: true })
  await stack.addresses.add('lo', '192.0.2.1/32')
  return host
}

const port = (hostAddress: string, hostPort = 8080, protocol: HostPort['protocol'] = 'tcp'): HostPort => ({
  protocol,
  hostAddress,
  hostPort
})

/** For ports that could not be published together. */
async function oneByOne(host: NetworkNamespace, ports: readonly HostPort[]): Promise<HostPort[]> {
  const found: HostPort[] = []
  for (const one of ports) found.push(...(await findListeners(host, [one])))
  return found
}

describe('findListeners', () => {
  it.each([
    ['tcp', '0.0.0.0', ['0.0.0.0', '127.0.0.1', '192.0.2.1']],
    ['tcp', '127.0.0.1', ['0.0.0.0', '127.0.0.1']],
    ['tcp', '::1', ['::', '::1']],
    ['udp', '0.0.0.0', ['0.0.0.0', '127.0.0.1', '192.0.2.1']],
    ['udp', '192.0.2.1', ['0.0.0.0', '192.0.2.1']],
    ['udp', '::1', ['::', '::1']]
  ] as const)('finds one for %s at %s at the addresses %j', async (protocol, address, taken) => {
    await using host = await testHost()
    const options = { address, port: 8080, ...(address.includes(':') ? { ipv6Only: true } : {}) }
    const fd =
      protocol === 'tcp'
        ? await host.openSocket({ type: 'tcp', listen: true, ...options })
        : await host.openSocket({ type: 'udp', ...options })
    const all = ['0.0.0.0', '127.0.0.1', '192.0.2.1', '::', '::1']
    const ports = [
      ...all.map((hostAddress) => port(hostAddress, 8080, protocol)),
      ...all.map((hostAddress) => port(hostAddress, 8081, protocol)),
      ...all.map((hostAddress) => port(hostAddress, 8080, protocol === 'tcp' ? 'udp' : 'tcp')),
      ...all.map((hostAddress) => port(hostAddress, 8080, 'sctp'))
    ]
    const expected = taken.map((hostAddress) => port(hostAddress, 8080, protocol))
    expect(await oneByOne(host, ports)).toEqual(expected)
    closeSync(fd)
    expect(await oneByOne(host, ports)).toEqual([])
  })

  it('finds one that serves both families in both', async () => {
    await using host = await testHost()
    const fd = await host.openSocket({
      type: 'tcp',
      address: '::',
      port: 8080,
      ipv6Only: false,
      listen: true
    })
    const ports = [port('0.0.0.0'), port('::'), port('127.0.0.1')]
    expect(await oneByOne(host, ports)).toEqual(ports)
    closeSync(fd)
  })

  it('does not take connections that end for a listener', async () => {
    await using host = await testHost()
    const server = createServer((socket) => socket.end())
    server.listen({ fd: await host.openSocket({ type: 'tcp', address: '127.0.0.1', port: 8080 }) })
    await once(server, 'listening')
    const client = new Socket({ fd: await host.openSocket({ type: 'tcp' }) })
    client.connect(8080, '127.0.0.1').resume()
    await once(client, 'close')
    server.close()
    await once(server, 'close')
    // The server closed first: its end of the connection is in TIME_WAIT now.
    expect(await oneByOne(host, [port('127.0.0.1'), port('0.0.0.0')])).toEqual([])
  })

  it('rejects for an address that the host does not have', async () => {
    await using host = await testHost()
    await expect(findListeners(host, [port('0.0.0.0'), port('192.0.2.7')])).rejects.toMatchObject({
      code: 'EADDRNOTAVAIL',
      message: expect.stringContaining('192.0.2.7') as string
    })
  })

  it('leaves no sockets open, of a thousand ports neither', async () => {
    await using host = await testHost()
    const ports = Array.from({ length: 1000 }, (_, i) => port('0.0.0.0', 10_000 + i))
    const fd = await host.openSocket({ type: 'tcp', address: '0.0.0.0', port: 10_777, listen: true })
    const before = await descriptorsAtRest()
    expect(await findListeners(host, ports)).toEqual([port('0.0.0.0', 10_777)])
    expect(descriptors()).toBeLessThanOrEqual(before)
    closeSync(fd)
  })
})

describe('localPortRange', () => {
  it("reads the host's range", async () => {
    await using host = await testHost()
    await host.sysctl.set('net.ipv4.ip_local_port_range', [40_000, 40_100])
    expect(await localPortRange(host)).toEqual({ first: 40_000, last: 40_100 })
  })
})
