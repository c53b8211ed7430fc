import { describe, expect, it } from 'vitest'
import type { RouteSpec } from '../../../../src/index.js'
import { needsProgram } from '../../../setup/requirements.js'
import { wired } from './wired.js'

describe('routes', () => {
  needsProgram('ip')

  it('replaces: 192.168.0.0/24 with another source is one route with the new source', async () => {
    await using host = await wired()
    const { routes } = host.stack
    await host.ns.run('ip', 'addr', 'add', '127.1.1.1/8', 'dev', 'lo')
    await host.ns.run('ip', 'addr', 'add', '127.1.1.2/8', 'dev', 'lo')
    const route = { destination: '192.168.0.0/24', link: 'lo' }
    await routes.add({ ...route, preferredSource: '127.1.1.1' })
    await routes.replace({ ...route, preferredSource: '127.1.1.2' })
    const found = await routes.list({ destination: '192.168.0.0/24' })
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({ preferredSource: '127.1.1.2', scope: 'link', protocol: 'boot' })
    expect(await host.ipRoute('192.168.0.0/24')).toMatchObject({ dev: 'lo', prefsrc: '127.1.1.2' })
  })

  it('refuses to change a route that is not there', async () => {
    await using host = await wired()
    for (const [destination, gateway] of [
      ['10.5.0.0/16', '10.0.0.2'],
      ['fd05::/64', 'fd00::2']
    ] as const) {
      await expect(host.stack.routes.change({ destination, gateway })).rejects.toMatchObject({
        name: 'NetlinkError',
        code: 'ENOENT',
        syscall: 'RTM_NEWROUTE',
        request: { method: 'routes.change' }
      })
    }
  })

  it('changes a route that is there', async () => {
    await using host = await wired()
    const { routes } = host.stack
    await routes.add({ destination: '10.5.0.0/16', gateway: '10.0.0.2' })
    await routes.change({ destination: '10.5.0.0/16', gateway: '10.0.0.3' })
    expect(await routes.list({ destination: '10.5.0.0/16' })).toMatchObject([{ gateway: '10.0.0.3' }])
  })

  it('adds a default by a link alone, and by a gateway of either family', async () => {
    await using host = await wired()
    const { routes } = host.stack
    await routes.add({ destination: 'default', link: 'v0' })
    await routes.add({ destination: 'default', gateway: 'fd00::2' })
    const found = await routes.list({ destination: 'default' })
    const index = await host.indexOf('v0')
    expect(found).toMatchObject([
      { family: 'inet', destination: '0.0.0.0/0', link: index, scope: 'link' },
      { family: 'inet6', destination: '::/0', gateway: 'fd00::2', link: index }
    ])
    expect(found[0]!.gateway).toBeUndefined()
    expect(await host.ipRoute('default')).toMatchObject({ dst: 'default', dev: 'v0', scope: 'link' })
  })

  it('lists blackhole, prohibit and unreachable in table 100 with their type', async () => {
    await using host = await wired()
    const { routes } = host.stack
    const types = ['blackhole', 'prohibit', 'unreachable', 'throw'] as const
    for (const family of ['inet', 'inet6'] as const) {
      for (const [i, type] of types.entries()) {
        const destination = family === 'inet' ? `10.${i + 1}.0.0/16` : `fd0${i + 1}::/64`
        await routes.add({ destination, type, table: 100 })
      }
      const found = await routes.list({ table: 100, family })
      expect(found.map(({ type }) => type)).toEqual(types)
      const printed = await host.ns.json(
        'ip',
        family === 'inet' ? '-4' : '-6',
        '-j',
        'route',
        'show',
        'table',
        '100'
      )
      expect(printed.map(({ type }) => type)).toEqual(types)
      expect(await routes.list({ table: 100, family, type: 'prohibit' })).toHaveLength(1)
    }
  })

  it('lists a destination out of all tables', async () => {
    await using host = await wired()
    const { routes } = host.stack
    for (const table of [1000, 1001, 1002]) {
      const route: RouteSpec = {
        destination: '1.1.1.1/32',
        link: 'v0',
        table,
        priority: 13,
        tos: 12,
        metrics: { hopLimit: 100 }
      }
      await routes.add(route)
    }
    const found = await routes.list({ table: 'all', destination: '1.1.1.1/32' })
    expect(found.map(({ table }) => table)).toEqual([1000, 1001, 1002])
    for (const route of found)
      expect(route).toMatchObject({ priority: 13, tos: 12, metrics: { hopLimit: 100 } })
    expect(await routes.list({ table: 'all', tos: 12, priority: 13 })).toHaveLength(3)
    expect(await routes.list({ destination: '1.1.1.1/32' })).toEqual([])
    expect(await host.ipRoute('1.1.1.1', 'table', '1001')).toMatchObject({ tos: '0x0c', metric: 13 })
  })

  it('lists both families, or one', async () => {
    await using host = await wired()
    const { routes } = host.stack
    await routes.add({ destination: '10.9.0.0/16', link: 'v0', table: 999 })
    await routes.add({ destination: 'fd09::/64', link: 'v0', table: 999 })
    expect(await routes.list({ table: 999 })).toHaveLength(2)
    expect(await routes.list({ table: 999, family: 'inet' })).toMatchObject([{ destination: '10.9.0.0/16' }])
    expect(await routes.list({ table: 999, family: 'inet6' })).toMatchObject([{ destination: 'fd09::/64' }])
  })

  it('lists nothing of a table that does not exist', async () => {
    await using host = await wired()
    for (const family of ['inet', 'inet6', undefined] as const) {
      expect(await host.stack.routes.list({ table: 4242, family })).toEqual([])
    }
  })

  it('filters in the kernel by link, type and protocol, and here by the rest', async () => {
    await using host = await wired()
    const { routes } = host.stack
    await routes.add({ destination: '10.1.0.0/16', gateway: '10.0.0.2', protocol: 'static', priority: 7 })
    await routes.add({ destination: '10.2.0.0/16', link: 'v1', protocol: 'bgp', scope: 'host' })
    await routes.add({ destination: '10.3.0.0/16', link: 'lo', protocol: 200, preferredSource: '10.0.0.1' })
    const destinations = async (filter: Parameters<typeof routes.list>[0]) =>
      (await routes.list(filter)).map(({ destination }) => destination)
    expect(await destinations({ link: 'v1', family: 'inet' })).toEqual(['10.2.0.0/16'])
    expect(await destinations({ protocol: 'static' })).toEqual(['10.1.0.0/16'])
    expect(await destinations({ protocol: 200 })).toEqual(['10.3.0.0/16'])
    expect(await destinations({ scope: 'host' })).toEqual(['10.2.0.0/16'])
    expect(await destinations({ gateway: '10.0.0.2' })).toEqual(['10.1.0.0/16'])
    expect(await destinations({ priority: 7 })).toEqual(['10.1.0.0/16'])
    expect(await destinations({ preferredSource: '10.0.0.1', protocol: 200 })).toEqual(['10.3.0.0/16'])
    expect(await destinations({ type: 'blackhole' })).toEqual([])
    expect(await destinations({ type: 'local', link: 'v0', family: 'inet' })).toEqual(['10.0.0.1/32'])
    expect((await routes.list({ protocol: 200 }))[0]).toMatchObject({ protocol: 200 })
    await expect(routes.list({ link: 'nowhere' })).rejects.toMatchObject({ code: 'ENODEV' })
  })

  it('streams, with requests awaited inside the loop', async () => {
    await using host = await wired()
    const { routes } = host.stack
    for (let i = 1; i < 20; i++) await routes.add({ destination: `10.${i}.0.0/16`, link: 'v0', table: 77 })
    let deleted = 0
    for await (const route of routes.iterate({ table: 77 })) {
      await routes.delete(route)
      if (++deleted === 5) break
    }
    expect(await routes.list({ table: 77 })).toHaveLength(14)
  })

  it('appends', async () => {
    await using host = await wired()
    const { routes } = host.stack
    await routes.add({ destination: '10.8.0.0/16', gateway: '10.0.0.2' })
    await routes.append({ destination: '10.8.0.0/16', gateway: '10.0.0.3' })
    expect(await routes.list({ destination: '10.8.0.0/16' })).toMatchObject([
      { gateway: '10.0.0.2' },
      { gateway: '10.0.0.3' }
    ])
    await routes.add({ destination: 'fd08::/64', gateway: 'fd00::2' })
    await routes.append({ destination: 'fd08::/64', gateway: 'fd00::3' })
    expect(await routes.list({ destination: 'fd08::/64' })).toMatchObject([
      { nextHops: [{ gateway: 'fd00::2' }, { gateway: 'fd00::3' }] }
    ])
  })

  it('tells what the kernel says', async () => {
    await using host = await wired()
    const { routes } = host.stack
    const route = { destination: '10.1.0.0/16', gateway: '10.0.0.2' }
    await routes.add(route)
    await expect(routes.add(route)).rejects.toMatchObject({
      code: 'EEXIST',
      request: { method: 'routes.add', input: route }
    })
    await expect(routes.add({ destination: '10.2.0.0/16', gateway: '192.0.2.1' })).rejects.toThrow(
      /ENETUNREACH: Nexthop has invalid gateway/
    )
    await expect(routes.add({ destination: '10.2.0.0/16', link: 'nowhere' })).rejects.toMatchObject({
      code: 'ENODEV',
      message: expect.stringContaining('nowhere') as string
    })
    await expect(routes.add({ destination: '10.2.0.0/16', link: 4242 })).rejects.toMatchObject({
      code: 'ENODEV'
    })
    await expect(routes.delete('10.2.0.0/16')).rejects.toMatchObject({ code: 'ESRCH' })
    await expect(routes.delete('fd02::/64')).rejects.toMatchObject({ code: 'ESRCH' })
  })

  it('deletes by what is given', async () => {
    await using host = await wired()
    const { routes } = host.stack
    await routes.add({ destination: '10.1.0.0/16', gateway: '10.0.0.2', priority: 1, protocol: 'static' })
    await routes.add({ destination: '10.1.0.0/16', type: 'blackhole', priority: 2 })
    await routes.add({ destination: '10.1.0.0/16', link: 'v1', priority: 3 })
    await expect(routes.delete({ destination: '10.1.0.0/16', priority: 4 })).rejects.toMatchObject({
      code: 'ESRCH'
    })
    await expect(routes.delete({ destination: '10.1.0.0/16', protocol: 'bgp' })).rejects.toMatchObject({
      code: 'ESRCH'
    })
    await routes.delete({ destination: '10.1.0.0/16', type: 'blackhole' })
    await routes.delete({ destination: '10.1.0.0/16', link: 'v1' })
    expect(await routes.list({ destination: '10.1.0.0/16' })).toMatchObject([{ priority: 1 }])
    await routes.delete('10.1.0.0/16')
    expect(await routes.list({ destination: '10.1.0.0/16' })).toEqual([])
  })

  it('deletes every route as it was read, and adds it again', async () => {
    await using host = await wired()
    const { routes } = host.stack
    await routes.add({
      destination: '10.1.0.0/16',
      gateway: '10.0.0.2',
      metrics: { mtu: 1400, lock: ['mtu'] }
    })
    await routes.add({
      destination: '10.2.0.0/16',
      nextHops: [{ gateway: '10.0.0.2' }, { gateway: '10.0.0.3' }]
    })
    await routes.add({ destination: '10.3.0.0/16', type: 'unreachable' })
    await routes.add({ destination: '10.4.0.0/16', via: { family: 'inet6', address: 'fd00::2' }, link: 'v0' })
    await routes.add({ destination: 'fd01::/64', gateway: 'fd00::2', preference: 'high', table: 300 })
    await routes.add({ destination: 'fd02::/64', nextHops: [{ gateway: 'fd00::2' }, { gateway: 'fd00::3' }] })
    await routes.add({ destination: 'fd03::/64', type: 'prohibit', source: 'fd99::/64' })
    const before = await routes.list({ table: 'all', protocol: 'boot' })
    expect(before).toHaveLength(7)
    for (const route of before) await routes.delete(route)
    expect(await routes.list({ table: 'all', protocol: 'boot' })).toEqual([])
    for (const route of before) await routes.add(route)
    const byDestination = (a: { destination: string }, b: { destination: string }) =>
      a.destination < b.destination ? -1 : 1
    const after = await routes.list({ table: 'all', protocol: 'boot' })
    expect(after.sort(byDestination)).toEqual(before.sort(byDestination))
  })

  it('flushes what matches, and only with a filter', async () => {
    await using host = await wired()
    const { routes } = host.stack
    await routes.add({ destination: '10.1.0.0/16', gateway: '10.0.0.2', protocol: 'static' })
    await routes.add({ destination: '10.2.0.0/16', type: 'blackhole', protocol: 'static' })
    await routes.add({
      destination: 'fd01::/64',
      nextHops: [{ gateway: 'fd00::2' }, { gateway: 'fd00::3' }],
      protocol: 'static'
    })
    await routes.add({ destination: '10.3.0.0/16', link: 'v0' })
    expect(await routes.flush({ protocol: 'static' })).toBe(3)
    expect(await routes.list({ protocol: 'static' })).toEqual([])
    expect(await routes.list({ destination: '10.3.0.0/16' })).toHaveLength(1)
    await expect(routes.flush({})).rejects.toMatchObject({ code: 'ERR_MISSING_FIELD' })
    expect(await routes.flush({ table: 4242 })).toBe(0)
  })
})
