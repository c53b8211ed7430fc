import { describe, expect, it } from 'vitest'
import { needsProgram } from '../../../setup/requirements.js'
import { wired } from './wired.js'

describe('routes with several hops', () => {
  needsProgram('ip')

  it('makes one route with two hops on lo', async () => {
    await using host = await wired()
    const { routes } = host.stack
    await routes.add({ destination: '192.168.0.0/24', nextHops: [{ link: 'lo' }, { link: 'lo', weight: 4 }] })
    const lo = await host.indexOf('lo')
    const found = await routes.list({ destination: '192.168.0.0/24' })
    expect(found).toHaveLength(1)
    expect(found[0]!.nextHops).toEqual([
      { link: lo, weight: 1, flags: [] },
      { link: lo, weight: 4, flags: [] }
    ])
    expect(await host.ipRoute('192.168.0.0/24')).toMatchObject({
      nexthops: [
        { dev: 'lo', weight: 1 },
        { dev: 'lo', weight: 4 }
      ]
    })
  })

  it('writes and reads weights, gateways of either family, flags and links by name', async () => {
    await using host = await wired()
    const { routes } = host.stack
    await routes.add({
      destination: '10.1.0.0/16',
      nextHops: [
        { gateway: '10.0.0.2', weight: 256 },
        { via: { family: 'inet6', address: 'fd00::2' }, link: 'v0' },
        { gateway: '192.0.2.1', link: 'v1', flags: ['onlink'], weight: 2, realms: { to: 4 } }
      ]
    })
    const [v0, v1] = [await host.indexOf('v0'), await host.indexOf('v1')]
    expect((await routes.list({ destination: '10.1.0.0/16' }))[0]!.nextHops).toEqual([
      { gateway: '10.0.0.2', link: v0, weight: 256, flags: [] },
      { via: { family: 'inet6', address: 'fd00::2' }, link: v0, weight: 1, flags: [] },
      { gateway: '192.0.2.1', link: v1, weight: 2, flags: ['onlink'], realms: { to: 4 } }
    ])
    const ours = await host.ipRoute('10.1.0.0/16')
    await routes.delete('10.1.0.0/16')
    const words =
      '10.1.0.0/16 nexthop via 10.0.0.2 weight 256 nexthop via inet6 fd00::2 dev v0 ' +
      'nexthop via 192.0.2.1 dev v1 onlink weight 2 realms 4'
    await host.ns.run('ip', 'route', 'add', ...words.split(' '))
    expect(await host.ipRoute('10.1.0.0/16')).toEqual(ours)
    expect(ours).toMatchObject({
      nexthops: [{ weight: 256 }, { weight: 1 }, { weight: 2, flags: ['onlink'] }]
    })
  })

  it('reads the hops that ip makes, IPv6', async () => {
    await using host = await wired()
    await host.ns.run(
      'ip',
      ...'-6 route add fd01::/64 nexthop via fd00::2 weight 3 nexthop via fd00::3 dev v0'.split(' ')
    )
    const v0 = await host.indexOf('v0')
    expect((await host.stack.routes.list({ destination: 'fd01::/64' }))[0]!.nextHops).toEqual([
      { gateway: 'fd00::2', link: v0, weight: 3, flags: [] },
      { gateway: 'fd00::3', link: v0, weight: 1, flags: [] }
    ])
    expect(await host.stack.routes.list({ gateway: 'fd00::3' })).toHaveLength(1)
  })

  it('encapsulates by hop', async () => {
    await using host = await wired()
    const { routes } = host.stack
    const encap = { type: 'ip', id: 42, destination: '10.0.0.9', ttl: 5 } as const
    await routes.add({
      destination: '10.1.0.0/16',
      nextHops: [{ gateway: '10.0.0.2', encap }, { gateway: '10.0.0.3' }]
    })
    expect((await routes.list({ destination: '10.1.0.0/16' }))[0]!.nextHops).toMatchObject([
      { gateway: '10.0.0.2', encap },
      { gateway: '10.0.0.3' }
    ])
    expect(await host.ipRoute('10.1.0.0/16')).toMatchObject({ nexthops: [{ encap: 'ip', id: 42 }, {}] })
  })

  it('names the hop that is wrong', async () => {
    await using host = await wired()
    const { routes } = host.stack
    const good = { gateway: '10.0.0.2' }
    const add = (nextHops: readonly object[]) => routes.add({ destination: '10.1.0.0/16', nextHops })
    await expect(add([good, { gateway: '10.0.0.300' }])).rejects.toMatchObject({
      field: 'nextHops[1].gateway'
    })
    await expect(add([good, { gateway: 'fd00::2' }])).rejects.toMatchObject({ field: 'nextHops[1].gateway' })
    await expect(add([good, { gateway: '10.0.0.3', weight: 257 }])).rejects.toMatchObject({
      code: 'ERR_OUT_OF_RANGE',
      field: 'nextHops[1].weight'
    })
    await expect(add([good, { gateway: '10.0.0.3', weight: 0 }])).rejects.toMatchObject({
      field: 'nextHops[1].weight'
    })
    await expect(add([good, { wieght: 3 }])).rejects.toMatchObject({ code: 'ERR_UNKNOWN_FIELD' })
    await expect(add([])).rejects.toMatchObject({ field: 'nextHops' })
    await expect(add([good, { link: 'nowhere' }])).rejects.toMatchObject({ code: 'ENODEV' })
    expect(await routes.list({ destination: '10.1.0.0/16' })).toEqual([])
  })

  it('uses a next-hop object, and a weighted group', async () => {
    await using host = await wired()
    const { routes, nexthops } = host.stack
    await nexthops.add({ id: 1, gateway: '10.0.0.2', link: 'v0' })
    await nexthops.add({ id: 2, gateway: '10.0.0.3', link: 'v0' })
    await nexthops.add({ id: 10, group: [{ id: 1, weight: 3 }, { id: 2 }] })
    await routes.add({ destination: '10.1.0.0/16', nextHopId: 1 })
    await routes.add({ destination: '10.2.0.0/16', nextHopId: 10 })
    const found = await routes.list({ protocol: 'boot', family: 'inet' })
    expect(found).toMatchObject([
      { destination: '10.1.0.0/16', nextHopId: 1, gateway: '10.0.0.2', scope: 'global' },
      {
        destination: '10.2.0.0/16',
        nextHopId: 10,
        nextHops: [
          { gateway: '10.0.0.2', weight: 3 },
          { gateway: '10.0.0.3', weight: 1 }
        ]
      }
    ])
    expect(await host.ipRoute('10.2.0.0/16')).toMatchObject({ nhid: 10 })
    expect(await routes.list({ nextHopId: 10 })).toHaveLength(1)
    for (const route of found) await routes.delete(route)
    expect(await routes.list({ protocol: 'boot', family: 'inet' })).toEqual([])
  })
})
