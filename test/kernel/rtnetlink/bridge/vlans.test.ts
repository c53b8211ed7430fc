import { describe, expect, it } from 'vitest'
import { needs, needsKind, needsProgram } from '../../../setup/requirements.js'
import { testNamespace } from '../../../setup/namespace.js'
import { vethPair } from '../veth-pair.js'

/** Bridges that filter VLANs are an option of the kernel's. */
async function vlanFiltering(): Promise<string | undefined> {
  await using ns = await testNamespace()
  try {
    await ns.ip('link', 'add', 'br0', 'type', 'bridge', 'vlan_filtering', '1')
    return undefined
  } catch {
    return 'the kernel’s bridges filter no VLANs'
  }
}

describe('the VLANs of a bridge', () => {
  needsProgram('ip', 'bridge')
  needsKind('bridge')
  needs(vlanFiltering)
  const bridged = [
    'ip link add br0 type bridge vlan_filtering 1',
    'ip link set v0 master br0',
    'ip link set br0 up'
  ]

  it('are those of a port, one by one, as the bridge command prints them', async () => {
    await using host = await vethPair(...bridged)
    const { vlans } = host.stack.bridge
    await vlans.add({ link: 'v0', vlan: 2 })
    await vlans.add({ link: 'v0', vlan: 3, flags: ['pvid', 'untagged'] })
    await vlans.add({ link: 'v0', vlan: 4, vlanEnd: 6 })
    const found = await vlans.list({ link: 'v0' })
    expect(found.map(({ vlan, flags }) => [vlan, ...flags])).toEqual([
      [1, 'untagged'],
      [2],
      [3, 'pvid', 'untagged'],
      [4],
      [5],
      [6]
    ])
    const [printed] = await host.ns.json('bridge', '-j', 'vlan', 'show', 'dev', 'v0')
    expect(printed?.['vlans']).toEqual([
      { vlan: 1, flags: ['Egress Untagged'] },
      { vlan: 2 },
      { vlan: 3, flags: ['PVID', 'Egress Untagged'] },
      { vlan: 4 },
      { vlan: 5 },
      { vlan: 6 }
    ])
    await vlans.delete({ link: 'v0', vlan: 4, vlanEnd: 6 })
    await vlans.delete({ link: 'v0', vlan: 1 })
    expect((await vlans.list({ link: 'v0' })).map(({ vlan }) => vlan)).toEqual([2, 3])
  })

  it('are the bridge’s own too, and what bridge writes', async () => {
    await using host = await vethPair(...bridged, 'bridge vlan add dev br0 vid 7-9 self untagged')
    const { vlans } = host.stack.bridge
    await vlans.add({ link: 'br0', vlan: 10 })
    const link = await host.indexOf('br0')
    expect(await vlans.list({ link: 'br0', vlan: 8 })).toMatchObject([{ link, vlan: 8, flags: ['untagged'] }])
    expect((await vlans.list({ link })).map(({ vlan }) => vlan)).toEqual([1, 7, 8, 9, 10])
    const streamed: number[] = []
    for await (const { vlan } of vlans.iterate({ link })) streamed.push(vlan)
    expect(streamed).toEqual([1, 7, 8, 9, 10])
    expect(await vlans.list({ vlan: 1 })).toHaveLength(2)
  })

  it('have a state, and traffic on request', async () => {
    await using host = await vethPair(...bridged)
    const { vlans } = host.stack.bridge
    await vlans.add({ link: 'v0', vlan: 4, vlanEnd: 6 })
    await vlans.set({ link: 'v0', vlan: 4, vlanEnd: 5, state: 'blocking' })
    expect((await vlans.list({ link: 'v0' })).map(({ state }) => state)).toEqual([
      'forwarding',
      'blocking',
      'blocking',
      'forwarding'
    ])
    const [counted] = await vlans.list({ link: 'v0', vlan: 4, statistics: true })
    expect(counted?.statistics).toMatchObject({ receivedBytes: 0, transmittedPackets: 0 })
    await expect(vlans.set({ link: 'v0', vlan: 77, state: 'blocking' })).rejects.toMatchObject({
      code: 'ENOENT'
    })
  })

  it('map to the tunnels of a VXLAN link', async () => {
    await using host = await vethPair(
      ...bridged,
      'ip link add vx0 type vxlan dstport 4789 external',
      'ip link set vx0 master br0',
      'bridge link set dev vx0 vlan_tunnel on'
    )
    const { vlans } = host.stack.bridge
    await vlans.add({ link: 'vx0', vlan: 100, vlanEnd: 102, tunnelId: 1000 })
    const mapped = async () =>
      (await vlans.list({ link: 'vx0' })).filter(({ vlan }) => vlan > 1).map(({ tunnelId }) => tunnelId)
    expect(await mapped()).toEqual([1000, 1001, 1002])
    await vlans.set({ link: 'vx0', vlan: 101, tunnelId: null })
    expect(await mapped()).toEqual([1000, undefined, 1002])
  })

  it('are refused where there is no bridge, and go into a batch', async () => {
    await using host = await vethPair(...bridged)
    const { vlans } = host.stack.bridge
    await expect(vlans.add({ link: 'v1', vlan: 5 })).rejects.toMatchObject({
      code: 'EINVAL',
      syscall: 'RTM_NEWVLAN'
    })
    const batch = host.stack.batch()
    batch.bridge.vlans.add({ link: 'v0', vlan: 5 })
    batch.bridge.vlans.add({ link: 'v1', vlan: 5 })
    batch.bridge.vlans.delete({ link: 'v0', vlan: 1 })
    expect((await batch.commit()).map(({ status }) => status)).toEqual(['applied', 'failed', 'applied'])
    const outcomes = await vlans.addMany([
      { link: 'v0', vlan: 6 },
      { link: 'v0', vlan: 7 }
    ])
    expect(outcomes).toMatchObject({ applied: 2 })
    expect((await vlans.list({ link: 'v0' })).map(({ vlan }) => vlan)).toEqual([5, 6, 7])
  })
})
