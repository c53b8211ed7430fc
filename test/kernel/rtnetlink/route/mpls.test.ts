import { describe, expect, it } from 'vitest'
import { needsProgram } from '../../../setup/requirements.js'
import { wired } from './wired.js'

describe('MPLS routes', () => {
  needsProgram('ip')

  it('swaps, pops and spreads labels', async (context) => {
    await using host = await wired()
    // The module is loaded where there is one; a namespace has room for labels only once it is told how many.
    await host.ns.run('sh', '-c', 'modprobe -q mpls_router; true')
    const told = await host.ns.run('sh', '-c', 'echo 1000 > /proc/sys/net/mpls/platform_labels').then(
      () => true,
      () => false
    )
    if (!told) context.skip('the kernel has no MPLS')
    const { routes } = host.stack
    await routes.add({
      family: 'mpls',
      destination: '100',
      newDestination: [200, 300],
      via: { family: 'inet', address: '10.0.0.2' },
      link: 'v0'
    })
    await routes.add({
      family: 'mpls',
      destination: '101',
      via: { family: 'inet6', address: 'fd00::2' },
      link: 'v0'
    })
    await routes.add({
      family: 'mpls',
      destination: '102',
      nextHops: [
        { newDestination: [7], via: { family: 'inet', address: '10.0.0.2' }, link: 'v0' },
        { newDestination: [8], via: { family: 'inet', address: '10.0.0.3' }, link: 'v0' }
      ]
    })
    const link = await host.indexOf('v0')
    const found = await routes.list({ family: 'mpls' })
    expect(found).toMatchObject([
      {
        family: 'mpls',
        destination: '100',
        newDestination: [200, 300],
        via: { family: 'inet', address: '10.0.0.2' },
        link,
        table: 254,
        protocol: 'boot',
        scope: 'global',
        type: 'unicast'
      },
      { destination: '101', via: { family: 'inet6', address: 'fd00::2' } },
      { destination: '102', nextHops: [{ newDestination: [7] }, { newDestination: [8] }] }
    ])
    const ours = await host.ns.run('ip', '-f', 'mpls', '-j', '-d', 'route')
    expect(JSON.parse(ours)).toMatchObject([{ dst: '100', to: '200/300' }, { dst: '101' }, { dst: '102' }])
    expect(await routes.list()).not.toContainEqual(expect.objectContaining({ family: 'mpls' }))
    for (const route of found) await routes.delete(route)
    expect(await routes.list({ family: 'mpls' })).toEqual([])
    for (const words of [
      '100 as 200/300 via inet 10.0.0.2 dev v0',
      '101 via inet6 fd00::2 dev v0',
      '102 nexthop as 7 via inet 10.0.0.2 dev v0 nexthop as 8 via inet 10.0.0.3 dev v0'
    ]) {
      await host.ns.run('ip', '-f', 'mpls', 'route', 'add', ...words.split(' '))
    }
    expect(await routes.list({ family: 'mpls' })).toEqual(found)
    expect(await host.ns.run('ip', '-f', 'mpls', '-j', '-d', 'route')).toBe(ours)
  })
})
