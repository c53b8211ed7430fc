import { describe, expect, it } from 'vitest'
import type { Route, RouteSpec } from '../../../../src/index.js'
import { needsProgram } from '../../../setup/requirements.js'
import { wired } from './wired.js'

interface Case {
  readonly name: string
  readonly spec: RouteSpec
  /** What `ip route add` takes for the same. */
  readonly words: string
  /** What reading gives beside the defaults. */
  readonly reads: Partial<Route>
  /** What `ip -j -d route show` gives beside the defaults. */
  readonly prints: Record<string, unknown>
}

/** The defaults of both families, which each case adds to. */
const defaults = { type: 'unicast', table: 254, protocol: 'boot', scope: 'global', flags: [] } as const
const printedDefaults = { type: 'unicast', protocol: 'boot', scope: 'global', flags: [] }

const cases: readonly Case[] = [
  {
    name: 'a gateway',
    spec: { destination: '10.1.0.0/16', gateway: '10.0.0.2' },
    words: '10.1.0.0/16 via 10.0.0.2',
    reads: { gateway: '10.0.0.2' },
    prints: { gateway: '10.0.0.2', dev: 'v0' }
  },
  {
    name: 'a gateway, IPv6',
    spec: { destination: 'fd01::/64', gateway: 'fd00::2' },
    words: 'fd01::/64 via fd00::2',
    reads: { gateway: 'fd00::2', priority: 1024, preference: 'medium' },
    prints: { gateway: 'fd00::2', dev: 'v0', metric: 1024, pref: 'medium' }
  },
  {
    name: 'a link alone',
    spec: { destination: '10.1.0.0/16', link: 'v0' },
    words: '10.1.0.0/16 dev v0',
    reads: { scope: 'link' },
    prints: { scope: 'link', dev: 'v0' }
  },
  {
    name: 'a host',
    spec: { destination: '10.1.2.3', link: 'v0' },
    words: '10.1.2.3 dev v0',
    reads: { destination: '10.1.2.3/32', scope: 'link' },
    prints: { dst: '10.1.2.3', scope: 'link' }
  },
  {
    name: 'everything at once',
    spec: {
      destination: '10.1.0.0/16',
      gateway: '10.0.0.2',
      link: 'v0',
      priority: 50,
      protocol: 'static',
      scope: 'site',
      tos: 0x10,
      preferredSource: '10.0.0.1',
      realms: { from: 3, to: 7 }
    },
    words:
      '10.1.0.0/16 via 10.0.0.2 dev v0 metric 50 proto static scope site tos 0x10 src 10.0.0.1 realm 3/7',
    reads: {
      gateway: '10.0.0.2',
      priority: 50,
      protocol: 'static',
      scope: 'site',
      tos: 0x10,
      preferredSource: '10.0.0.1',
      realms: { from: 3, to: 7 }
    },
    prints: { gateway: '10.0.0.2', metric: 50, protocol: 'static', scope: 'site', prefsrc: '10.0.0.1' }
  },
  {
    name: 'a table beyond a byte',
    spec: { destination: '10.1.0.0/16', link: 'v0', table: 100000 },
    words: '10.1.0.0/16 dev v0 table 100000',
    reads: { table: 100000, scope: 'link' },
    prints: { scope: 'link' }
  },
  {
    name: 'onlink',
    spec: { destination: '10.1.0.0/16', gateway: '192.0.2.1', link: 'v0', flags: ['onlink'] },
    words: '10.1.0.0/16 via 192.0.2.1 dev v0 onlink',
    reads: { gateway: '192.0.2.1', flags: ['onlink'] },
    prints: { gateway: '192.0.2.1', flags: ['onlink'] }
  },
  {
    name: 'IPv4 over IPv6',
    spec: { destination: '10.1.0.0/16', via: { family: 'inet6', address: 'fd00::2' } },
    words: '10.1.0.0/16 via inet6 fd00::2',
    reads: { via: { family: 'inet6', address: 'fd00::2' } },
    prints: { via: { family: 'inet6', host: 'fd00::2' } }
  },
  {
    name: 'local',
    spec: { destination: '10.1.0.0/16', type: 'local', link: 'lo' },
    words: 'local 10.1.0.0/16 dev lo',
    reads: { type: 'local', table: 255, scope: 'host' },
    prints: { type: 'local', dev: 'lo', scope: 'host' }
  },
  {
    name: 'broadcast',
    spec: { destination: '10.1.255.255', type: 'broadcast', link: 'v0' },
    words: 'broadcast 10.1.255.255 dev v0',
    reads: { destination: '10.1.255.255/32', type: 'broadcast', table: 255, scope: 'link' },
    prints: { type: 'broadcast', scope: 'link' }
  },
  {
    name: 'a blackhole',
    spec: { destination: '10.1.0.0/16', type: 'blackhole' },
    words: 'blackhole 10.1.0.0/16',
    reads: { type: 'blackhole' },
    prints: { type: 'blackhole' }
  },
  {
    name: 'multicast',
    spec: { destination: '239.0.0.0/8', type: 'multicast', link: 'v0' },
    words: 'multicast 239.0.0.0/8 dev v0',
    reads: { type: 'multicast', scope: 'link' },
    prints: { type: 'multicast', scope: 'link' }
  },
  {
    name: 'a source selector and a preference',
    spec: { destination: 'fd01::/64', source: 'fd99::/48', link: 'v0', preference: 'low' },
    words: 'fd01::/64 from fd99::/48 dev v0 pref low',
    reads: { source: 'fd99::/48', preference: 'low', priority: 1024 },
    prints: { from: 'fd99::/48', pref: 'low' }
  },
  {
    // ip locks rto_min by itself.
    name: 'metrics with locks',
    spec: {
      destination: '10.1.0.0/16',
      link: 'v0',
      metrics: { mtu: 500, hopLimit: 64, rtoMin: 40, lock: ['mtu', 'hopLimit', 'rtoMin'] }
    },
    words: '10.1.0.0/16 dev v0 mtu lock 500 hoplimit lock 64 rto_min 40ms',
    reads: {
      scope: 'link',
      metrics: { mtu: 500, hopLimit: 64, rtoMin: 40, lock: ['mtu', 'hopLimit', 'rtoMin'] }
    },
    prints: { scope: 'link' }
  },
  {
    name: 'every metric',
    spec: {
      destination: '10.1.0.0/16',
      link: 'v0',
      metrics: {
        mtu: 1400,
        window: 1000,
        rtt: 50,
        rttVariance: 10,
        slowStartThreshold: 20,
        congestionWindow: 30,
        advertisedMss: 1200,
        reordering: 5,
        hopLimit: 64,
        initialCongestionWindow: 11,
        features: ['ecn'],
        initialReceiveWindow: 12,
        quickAck: true,
        congestionControl: 'reno',
        fastOpenNoCookie: true
      }
    },
    words:
      '10.1.0.0/16 dev v0 mtu 1400 window 1000 rtt 50ms rttvar 10ms ssthresh 20 cwnd 30 advmss 1200 reordering 5 ' +
      'hoplimit 64 initcwnd 11 features ecn initrwnd 12 quickack 1 congctl reno fastopen_no_cookie 1',
    reads: {
      scope: 'link',
      metrics: {
        mtu: 1400,
        window: 1000,
        rtt: 50,
        rttVariance: 10,
        slowStartThreshold: 20,
        congestionWindow: 30,
        advertisedMss: 1200,
        reordering: 5,
        hopLimit: 64,
        initialCongestionWindow: 11,
        features: ['ecn'],
        initialReceiveWindow: 12,
        quickAck: true,
        congestionControl: 'reno',
        fastOpenNoCookie: true
      }
    },
    prints: { scope: 'link' }
  }
]

describe('properties of routes', () => {
  needsProgram('ip')

  for (const { name, spec, words, reads, prints } of cases) {
    it(`writes and reads ${name}`, async () => {
      await using host = await wired()
      const { routes } = host.stack
      const table = reads.table ?? 254
      const where = [
        spec.destination,
        'table',
        String(table),
        ...(reads.type === undefined ? [] : ['type', reads.type])
      ]
      const [destination, ...rest] = where as [string, ...string[]]
      await routes.add(spec)
      const ours = await host.ipRoute(destination, ...rest)
      expect(ours).toMatchObject({ ...printedDefaults, ...prints })
      const written = await routes.list({ destination, table })
      expect(written).toMatchObject([{ destination, ...defaults, ...reads }])
      await routes.delete(written[0]!)
      expect(await routes.list({ destination, table })).toEqual([])

      await host.ns.run(
        'ip',
        ...(destination.includes(':') ? ['-6'] : []),
        'route',
        'add',
        ...words.split(' ')
      )
      const theirs = await host.ipRoute(destination, ...rest)
      expect(ours).toEqual(theirs)
      expect(await routes.list({ destination, table })).toEqual(written)
    })
  }

  it('locks mtu and rto_min as ip prints it', async () => {
    await using host = await wired()
    const metrics = { mtu: 500, rtoMin: 40, lock: ['mtu', 'rtoMin'] as const }
    await host.stack.routes.add({ destination: '10.1.0.0/16', link: 'v0', metrics })
    expect(await host.stack.routes.list({ destination: '10.1.0.0/16' })).toMatchObject([{ metrics }])
    expect(await host.ns.run('ip', 'route', 'show', '10.1.0.0/16')).toContain(
      'mtu lock 500 rto_min lock 40ms'
    )
  })

  it('expires', async () => {
    await using host = await wired()
    const { routes } = host.stack
    await routes.add({ destination: 'fd01::/64', link: 'v0', expires: 100 })
    const [route] = await routes.list({ destination: 'fd01::/64' })
    expect(route!.expires).toBeGreaterThan(0)
    expect(route!.expires).toBeLessThanOrEqual(100)
    const printed = await host.ipRoute('fd01::/64')
    expect(printed!['expires']).toBeLessThanOrEqual(100)
    await host.ns.run('ip', '-6', 'route', 'add', 'fd02::/64', 'dev', 'v0', 'expires', '1000')
    const [other] = await routes.list({ destination: 'fd02::/64' })
    expect(other!.expires).toBeGreaterThan(100)
    const [forever] = await routes.list({ destination: 'fd00::/64' })
    expect(forever!.expires).toBeUndefined()
  })

  it('tells that a link is down, and writes such a route back', async () => {
    await using host = await wired()
    const { routes } = host.stack
    await routes.add({ destination: '10.1.0.0/16', gateway: '10.0.0.2' })
    await host.ns.run('ip', 'link', 'set', 'v1', 'down')
    // The kernel notices the loss of a carrier in the background.
    const read = async () => (await routes.list({ destination: '10.1.0.0/16' }))[0]
    await expect.poll(async () => (await read())!.flags).toContain('linkdown')
    const route = await read()
    await routes.replace(route!)
    expect(await routes.list({ destination: '10.1.0.0/16' })).toEqual([route])
  })

  it('takes the name of a table', async () => {
    await using host = await wired()
    const { routes } = host.stack
    await routes.add({ destination: '10.1.0.0/16', link: 'v0', table: 'default' })
    expect(await routes.list({ table: 'default' })).toMatchObject([{ table: 253 }])
    await expect(
      routes.add({ destination: '10.1.0.0/16', link: 'v0', table: 'nowhere' })
    ).rejects.toMatchObject({
      code: 'ERR_INVALID_ARG_VALUE',
      field: 'table'
    })
  })

  it('takes a link by its name, its index, or an object with that', async () => {
    await using host = await wired()
    const { routes } = host.stack
    const index = await host.indexOf('v1')
    await routes.add({ destination: '10.1.0.0/16', link: 'v1' })
    await routes.add({ destination: '10.2.0.0/16', link: index })
    await routes.add({ destination: '10.3.0.0/16', link: { index } })
    expect(await routes.list({ link: 'v1', family: 'inet' })).toHaveLength(3)
  })

  it('keeps attributes that it does not know, and sends them', async () => {
    await using host = await wired()
    // RTA_FLOW, written raw, reads as what it is.
    const unknown = [{ type: 11, bytes: Uint8Array.of(7, 0, 3, 0) }]
    await host.stack.routes.add({ destination: '10.1.0.0/16', link: 'v0', unknown })
    expect(await host.stack.routes.list({ destination: '10.1.0.0/16' })).toMatchObject([
      { realms: { from: 3, to: 7 } }
    ])
  })
})
