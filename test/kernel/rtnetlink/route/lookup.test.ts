import { describe, expect, it } from 'vitest'
import { needsProgram } from '../../../setup/requirements.js'
import { userId } from '../../../setup/user-id.js'
import { wired } from './wired.js'

describe('route look-ups', () => {
  needsProgram('ip')

  it('gives the route that matches, of an onlink route its flag', async () => {
    await using host = await wired()
    const { routes } = host.stack
    await routes.add({ destination: '10.1.0.0/16', gateway: '192.0.2.1', link: 'v0', flags: ['onlink'] })
    const route = await routes.lookup('10.1.2.3', { fibMatch: true })
    expect(route).toMatchObject({ destination: '10.1.0.0/16', gateway: '192.0.2.1', table: 254 })
    expect(route.flags).toEqual(['onlink'])
  })

  it('gives what becomes of a packet, as ip route get', async () => {
    await using host = await wired()
    const { routes } = host.stack
    await routes.add({ destination: '10.1.0.0/16', gateway: '10.0.0.2' })
    await routes.add({ destination: 'fd01::/64', gateway: 'fd00::2' })
    const index = await host.indexOf('v0')
    for (const [destination, gateway, source] of [
      ['10.1.2.3', '10.0.0.2', '10.0.0.1'],
      ['fd01::3', 'fd00::2', 'fd00::1']
    ] as const) {
      const route = await routes.lookup(destination)
      expect(route).toMatchObject({ gateway, link: index, preferredSource: source })
      expect(route.destination).toBe(`${destination}/${destination.includes(':') ? 128 : 32}`)
      const [printed] = await host.ns.ip('route', 'get', destination)
      expect(printed).toMatchObject({ dst: destination, gateway, prefsrc: source, dev: 'v0' })
    }
  })

  it('asks for a packet that is marked, of a user, from a source, with ports', async () => {
    await using host = await wired()
    const { routes } = host.stack
    const tables: Record<string, number> = { mark: 201, uid: 202, from: 203, port: 204, tos: 205 }
    for (const table of Object.values(tables)) {
      await routes.add({ destination: 'default', gateway: `10.0.0.${table}`, table })
    }
    await host.ns.run('ip', 'rule', 'add', 'fwmark', '7', 'table', '201')
    const others = userId !== 0
    // Where there is no other user, the rule would match every look-up of ours.
    if (others) await host.ns.run('ip', 'rule', 'add', 'uidrange', `${userId}-${userId}`, 'table', '202')
    await host.ns.run('ip', 'rule', 'add', 'ipproto', 'udp', 'sport', '53', 'dport', '5353', 'table', '204')
    await host.ns.run('ip', 'rule', 'add', 'tos', '0x10', 'table', '205')
    expect(await routes.lookup('192.0.2.9', { mark: 7 })).toMatchObject({
      gateway: '10.0.0.201',
      table: 201,
      mark: 7
    })
    if (others) {
      expect(await routes.lookup('192.0.2.9', { uid: userId })).toMatchObject({
        gateway: '10.0.0.202',
        uid: userId
      })
    }
    const ports = { ipProtocol: 'udp', sourcePort: 53, destinationPort: 5353 } as const
    expect(await routes.lookup('192.0.2.9', ports)).toMatchObject({ gateway: '10.0.0.204' })
    expect(await routes.lookup('192.0.2.9', { tos: 0x10 })).toMatchObject({ gateway: '10.0.0.205' })
    await expect(routes.lookup('192.0.2.9')).rejects.toMatchObject({
      code: 'ENETUNREACH',
      syscall: 'RTM_GETROUTE'
    })
  })

  it('asks for a packet that came in by a link', async () => {
    await using host = await wired()
    const { routes } = host.stack
    await host.ns.run('sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward')
    await host.ns.run('ip', 'addr', 'add', '10.7.0.1/24', 'dev', 'v1')
    await routes.add({ destination: '10.1.0.0/16', gateway: '10.0.0.2' })
    const inputLink = await host.indexOf('v1')
    const route = await routes.lookup('10.1.2.3', { source: '10.7.0.9', inputLink: 'v1' })
    expect(route).toMatchObject({ source: '10.7.0.9/32', inputLink, gateway: '10.0.0.2' })
  })

  it('asks for a packet that leaves by a link', async () => {
    await using host = await wired()
    const link = await host.indexOf('v1')
    expect(await host.stack.routes.lookup('192.0.2.9', { link: 'v1' })).toMatchObject({ link })
  })

  it('rejects as the route says', async () => {
    await using host = await wired()
    const { routes } = host.stack
    await routes.add({ destination: '10.1.0.0/16', type: 'prohibit' })
    await routes.add({ destination: '10.2.0.0/16', type: 'unreachable' })
    await routes.add({ destination: '10.3.0.0/16', type: 'blackhole' })
    await expect(routes.lookup('10.1.0.1')).rejects.toMatchObject({ code: 'EACCES' })
    await expect(routes.lookup('10.2.0.1')).rejects.toMatchObject({ code: 'EHOSTUNREACH' })
    await expect(routes.lookup('10.3.0.1')).rejects.toMatchObject({ code: 'EINVAL' })
  })

  it('refuses what is no packet', async () => {
    await using host = await wired()
    const { routes } = host.stack
    await expect(routes.lookup('10.0.0.0/24')).rejects.toMatchObject({ code: 'ERR_OUT_OF_RANGE' })
    await expect(routes.lookup('default')).rejects.toMatchObject({ field: 'destination' })
    await expect(routes.lookup('10.0.0.1', { source: 'fd00::1' })).rejects.toMatchObject({ field: 'source' })
    await expect(routes.lookup('10.0.0.1', { destinationPort: 65536 })).rejects.toMatchObject({
      code: 'ERR_OUT_OF_RANGE',
      field: 'destinationPort'
    })
    await expect(routes.lookup('10.0.0.1', { table: 5 } as never)).rejects.toMatchObject({
      code: 'ERR_UNKNOWN_FIELD'
    })
  })
})
