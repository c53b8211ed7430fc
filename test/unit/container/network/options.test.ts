import { describe, expect, it } from 'vitest'
import { drivers } from '../../../../src/container/drivers/index.js'
import type { NetworkOptions } from '../../../../src/container/index.js'
import { checkNetworkOptions, wantedPools } from '../../../../src/container/network/options.js'
import { checkRoutes, refuseUnreachable } from '../../../../src/container/network/routes.js'

const [bridge, host] = drivers as [(typeof drivers)[0], (typeof drivers)[0]]
const pools = (options: Omit<NetworkOptions, 'name'>) => {
  const { ipv4, ipv6, pools: wanted } = wantedPools({ name: 'x', ...options }, bridge)
  return [ipv4, ipv6, ...wanted.map(({ family, index }) => `${family} ${index ?? '-'}`)]
}

describe('options of a network', () => {
  it.each<[string, unknown, string]>([
    ['no object', 'web', ''],
    ['labels that are no strings', { name: 'x', labels: { a: 1 } }, 'labels.a'],
    ['no list of pools', { name: 'x', pools: {} }, 'pools'],
    ['a pool that is none', { name: 'x', pools: ['10.0.0.0/8'] }, 'pools[0]'],
    ['a word for a boolean', { name: 'x', internal: 'yes' }, 'internal'],
    ['a driver that is no name', { name: 'x', driver: bridge }, 'driver']
  ])('refuse %s', (_, options, field) => {
    expect(() => checkNetworkOptions(options)).toThrow(expect.objectContaining({ field }))
  })

  it('decide which families there are', () => {
    expect(pools({})).toEqual([true, false, 'inet -'])
    expect(pools({ ipv6: true })).toEqual([true, true, 'inet -', 'inet6 -'])
    expect(pools({ ipv4: false, ipv6: true })).toEqual([false, true, 'inet6 -'])
    expect(pools({ pools: [{ subnet: 'fd00::/64' }] })).toEqual([true, true, 'inet6 0', 'inet -'])
    expect(pools({ pools: [{ subnet: '10.0.0.0/24' }, { subnet: '10.0.1.0/24' }] })).toEqual([
      ...[true, false, 'inet 0', 'inet 1']
    ])
    expect(pools({ ipv6: true, pools: [{ gateway: 'fd00::1' }] })).toEqual([true, true, 'inet6 0', 'inet -'])
  })

  it('contradict themselves', () => {
    expect(() => pools({ ipv4: false })).toThrow(expect.objectContaining({ field: 'ipv6' }))
    expect(() => pools({ ipv6: false, pools: [{ subnet: 'fd00::/64' }] })).toThrow(
      expect.objectContaining({ field: 'pools[0]' })
    )
    expect(wantedPools({ name: 'x' }, host)).toEqual({ ipv4: false, ipv6: false, pools: [] })
    for (const options of [{ ipv4: true }, { pools: [{}] }]) {
      expect(() => wantedPools({ name: 'x', ...options }, host)).toThrow(TypeError)
    }
  })
})

describe('routes of a network', () => {
  const pool = { family: 'inet', subnet: '10.88.0.0/24' } as const

  it('are kept in canonical text', () => {
    expect(checkRoutes([{ destination: 'FD00:0::/32', gateway: 'fd00:88::0:1' }], bridge)).toEqual([
      { destination: 'fd00::/32', gateway: 'fd00:88::1', type: 'unicast', priority: undefined }
    ])
  })

  it.each([
    [{ destination: '0.0.0.0/0' }, 'routes[0].destination'],
    [{ destination: '10.0.0.1/24' }, 'routes[0].destination'],
    [{ destination: '10.0.0.0/24', gateway: 'fd00::1' }, 'routes[0].gateway'],
    [{ destination: '10.0.0.0/24', gateway: '10.88.0.1', type: 'blackhole' }, 'routes[0].gateway'],
    [{ destination: '10.0.0.0/24', type: 'throw' }, 'routes[0].type'],
    [{ destination: '10.0.0.0/24', metric: 1 }, 'routes[0].metric']
  ])('refuse %j', (route, field) => {
    expect(() => checkRoutes([route as never], bridge)).toThrow(expect.objectContaining({ field }))
  })

  it('lead through neighbours', () => {
    expect(() => refuseUnreachable([{ destination: '10.0.0.0/24', gateway: '10.88.1.1' }], [pool])).toThrow(
      expect.objectContaining({ field: 'routes[0].gateway' })
    )
    expect(() => refuseUnreachable([{ destination: 'fd00::/64' }], [pool])).toThrow(
      expect.objectContaining({ field: 'routes[0].destination' })
    )
    refuseUnreachable(
      [{ destination: '10.0.0.0/24', gateway: '10.88.0.9' }, { destination: '10.1.0.0/24' }],
      [pool]
    )
  })

  it('take the place of no other', () => {
    const pool6 = { family: 'inet6', subnet: 'fd88::/64' } as const
    const route = { destination: '10.0.0.0/24' }
    for (const routes of [[{ destination: '10.88.0.0/24' }], [{ destination: 'fd88::/64', priority: 256 }]]) {
      expect(() => refuseUnreachable(routes, [pool, pool6])).toThrow(
        expect.objectContaining({ field: 'routes[0].destination' })
      )
    }
    expect(() => refuseUnreachable([route, { ...route, priority: 0 }], [pool])).toThrow(
      expect.objectContaining({ field: 'routes[1].destination' })
    )
    refuseUnreachable(
      [route, { ...route, priority: 5 }, { destination: '10.88.0.0/24', priority: 1 }],
      [pool]
    )
    refuseUnreachable([{ destination: 'fd88::/64' }], [pool6])
  })
})
