import { describe, expect, it } from 'vitest'
import { needsProgram } from '../../../setup/requirements.js'
import { lab } from './lab.js'

describe('bridge', () => {
  needsProgram('ip')

  it('has settings in seconds, which ip prints in hundredths', async () => {
    await using l = await lab()
    const settings = {
      forwardDelay: 4,
      helloTime: 3,
      maxAge: 12.5,
      ageingTime: 60,
      priority: 4096,
      groupForwardMask: 8,
      groupAddress: '01:80:c2:00:00:0f',
      multicastSnooping: false,
      multicastRouter: 2,
      multicastQuerier: true,
      multicastHashMax: 512,
      multicastLastMemberCount: 3,
      multicastStartupQueryCount: 4,
      multicastLastMemberInterval: 2,
      multicastMembershipInterval: 100,
      multicastQuerierInterval: 99,
      multicastQueryInterval: 50,
      multicastQueryResponseInterval: 5,
      multicastStartupQueryInterval: 20,
      multicastIgmpVersion: 3,
      multicastMldVersion: 2,
      multicastStatistics: true,
      multicastQueryUseInterfaceAddress: true,
      noLinkLocalLearning: true
    }
    const made = await l.host.links.add({ kind: 'bridge', name: 'br0', bridge: settings })
    expect(made).toMatchObject({ kind: 'bridge', bridge: settings })
    expect((await l.ip('br0'))['linkinfo']).toMatchObject({
      info_kind: 'bridge',
      info_data: {
        forward_delay: 400,
        hello_time: 300,
        max_age: 1250,
        ageing_time: 6000,
        priority: 4096,
        group_addr: '01:80:c2:00:00:0f',
        mcast_snooping: 0,
        mcast_router: 2,
        mcast_querier: 1,
        mcast_hash_max: 512,
        mcast_last_member_cnt: 3,
        mcast_startup_query_cnt: 4,
        mcast_last_member_intvl: 200,
        mcast_membership_intvl: 10000,
        mcast_querier_intvl: 9900,
        mcast_query_intvl: 5000,
        mcast_query_response_intvl: 500,
        mcast_startup_query_intvl: 2000,
        mcast_igmp_version: 3,
        mcast_mld_version: 2,
        mcast_stats_enabled: 1,
        mcast_query_use_ifaddr: 1,
        no_linklocal_learn: 1
      }
    })
    await l.host.links.set('br0', {
      bridge: { forwardDelay: 2, multicastSnooping: true, noLinkLocalLearning: false }
    })
    expect(await l.host.links.get('br0')).toMatchObject({
      bridge: { ...settings, forwardDelay: 2, multicastSnooping: true, noLinkLocalLearning: false }
    })
  })

  it('reads what ip wrote', async () => {
    await using l = await lab()
    const mac = 'fa:bb:cc:dd:ee:ff'
    const settings = ['forward_delay', '500', 'stp_state', '1']
    await l.ns.run('ip', 'link', 'add', 'br0', 'address', mac, 'type', 'bridge', ...settings)
    const link = await l.host.links.get('br0')
    if (link.kind !== 'bridge') throw new Error('not read as a bridge')
    const { info_data: printed } = (await l.ip('br0'))['linkinfo'] as { info_data: Record<string, unknown> }
    expect(link.bridge).toMatchObject({
      forwardDelay: 5,
      stpState: 1,
      bridgeId: printed['bridge_id'],
      rootId: printed['root_id'],
      rootPathCost: 0
    })
  })

  it('has vlan filtering, where the kernel was built with it', async (context) => {
    await using l = await lab()
    const link = await l.host.links.add({ kind: 'bridge', name: 'br0' })
    if (link.kind !== 'bridge') throw new Error('not read as a bridge')
    if (link.bridge.vlanDefaultPvid === undefined) context.skip('the kernel bridges without VLANs')
    const bridge = {
      vlanFiltering: true,
      vlanProtocol: '802.1ad',
      vlanDefaultPvid: 9,
      vlanStatistics: true
    } as const
    await l.host.links.set('br0', { bridge: { vlanDefaultPvid: 9 } })
    await l.host.links.set('br0', { bridge })
    expect(await l.host.links.get('br0')).toMatchObject({ bridge })
    expect((await l.ip('br0'))['linkinfo']).toMatchObject({
      info_data: { vlan_filtering: 1, vlan_protocol: '802.1ad', vlan_default_pvid: 9, vlan_stats_enabled: 1 }
    })
  })

  it('has ports with settings of their own', async () => {
    await using l = await lab()
    await l.host.links.add({ kind: 'bridge', name: 'br0' })
    await l.host.links.add({ kind: 'ifb', name: 'other', master: 'br0' })
    const port = {
      priority: 10,
      cost: 200,
      hairpin: true,
      guard: true,
      rootBlock: true,
      fastLeave: true,
      learning: false,
      flood: false,
      proxyArp: true,
      multicastRouter: 2,
      multicastFlood: false,
      multicastToUnicast: true,
      broadcastFlood: false,
      groupForwardMask: 8,
      neighborSuppress: true,
      isolated: true,
      vlanTunnel: true,
      multicastEhtHostsLimit: 99
    }
    const made = await l.host.links.add({
      kind: 'ifb',
      name: 'p',
      master: 'br0',
      bridgePort: { ...port, backupPort: 'other' }
    })
    const { index: other } = await l.host.links.get('other')
    expect(made).toMatchObject({ bridgePort: { ...port, backupPort: other } })
    expect((await l.ip('p'))['linkinfo']).toMatchObject({
      info_slave_kind: 'bridge',
      info_slave_data: {
        priority: 10,
        cost: 200,
        hairpin: true,
        guard: true,
        root_block: true,
        fastleave: true,
        learning: false,
        flood: false,
        proxy_arp: true,
        multicast_router: 2,
        mcast_flood: false,
        mcast_to_unicast: true,
        bcast_flood: false,
        neigh_suppress: true,
        isolated: true,
        vlan_tunnel: true,
        backup_port: 'other'
      }
    })
    await l.host.links.set('p', { bridgePort: { backupPort: null, cost: 7, learning: true } })
    const changed = await l.host.links.get('p')
    expect(changed.bridgePort).toMatchObject({ ...port, cost: 7, learning: true })
    expect(changed.bridgePort).not.toHaveProperty('backupPort')
  })

  it('is a master: a missing one, one, another, none', async () => {
    await using l = await lab()
    const { host } = l
    await host.links.add({ kind: 'ifb', name: 'p' })
    const a = await host.links.add({ kind: 'bridge', name: 'a' })
    const b = await host.links.add({ kind: 'bridge', name: 'b' })
    await expect(host.links.set('p', { master: 'nope' })).rejects.toMatchObject({ code: 'ENODEV' })
    await expect(host.links.set('p', { master: 4711 })).rejects.toMatchObject({ syscall: 'RTM_NEWLINK' })
    await host.links.set('p', { master: a })
    expect((await host.links.get('p')).master).toBe(a.index)
    await host.links.set('p', { master: 'b', bridgePort: { cost: 9 } })
    expect(await host.links.get('p')).toMatchObject({ master: b.index, bridgePort: { cost: 9 } })
    await host.links.set('p', { master: null })
    const alone = await host.links.get('p')
    expect(alone).not.toHaveProperty('master')
    expect(alone).not.toHaveProperty('bridgePort')
  })

  it('is no kind that other links could be changed as', async () => {
    await using l = await lab()
    const { host } = l
    await host.links.add({ kind: 'ifb', name: 'a' })
    await expect(host.links.set('a', { bridge: { priority: 1 } })).rejects.toMatchObject({
      code: 'EOPNOTSUPP',
      message: expect.stringContaining('it is no bridge') as string
    })
  })
})
