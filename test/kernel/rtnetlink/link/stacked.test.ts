import { describe, expect, it } from 'vitest'
import { needsKind, needsProgram } from '../../../setup/requirements.js'
import { lab } from './lab.js'

describe('vlan', () => {
  needsProgram('ip')
  needsKind('vlan')

  it('has an id, maps of priorities and flags', async () => {
    await using l = await lab()
    await l.host.links.add({ kind: 'ifb', name: 'base' })
    const settings = {
      id: 900,
      protocol: '802.1ad',
      ingressQosMap: { 0: 2, 1: 3, 2: 5 },
      egressQosMap: { 1: 3, 2: 5, 3: 7 },
      gvrp: true,
      reorderHeader: false,
      looseBinding: true
    } as const
    const base = await l.host.links.get('base')
    const made = await l.host.links.add({ kind: 'vlan', name: 'v', link: 'base', vlan: settings })
    expect(made).toMatchObject({ kind: 'vlan', link: base.index, vlan: settings })
    expect((await l.ip('v'))['linkinfo']).toMatchObject({
      info_data: {
        protocol: '802.1ad',
        id: 900,
        ingress_qos: expect.arrayContaining([{ from: 2, to: 5 }]) as object[],
        egress_qos: expect.arrayContaining([{ from: 3, to: 7 }]) as object[],
        flags: ['GVRP', 'LOOSE_BINDING']
      }
    })
    await l.host.links.set('v', { vlan: { gvrp: false, reorderHeader: true, egressQosMap: { 4: 1 } } })
    expect(await l.host.links.get('v')).toMatchObject({
      vlan: {
        id: 900,
        gvrp: false,
        looseBinding: true,
        reorderHeader: true,
        egressQosMap: { 1: 3, 2: 5, 3: 7, 4: 1 }
      }
    })
  })

  it('reads what ip wrote', async () => {
    await using l = await lab()
    await l.ns.run('ip', 'link', 'add', 'base', 'type', 'ifb')
    await l.ns.run(
      'ip',
      'link',
      'add',
      'link',
      'base',
      'name',
      'v',
      'type',
      'vlan',
      'id',
      '7',
      'mvrp',
      'on',
      'egress',
      '1:2'
    )
    expect(await l.host.links.get('v')).toMatchObject({
      kind: 'vlan',
      vlan: {
        id: 7,
        protocol: '802.1Q',
        mvrp: true,
        reorderHeader: true,
        gvrp: false,
        egressQosMap: { 1: 2 }
      }
    })
  })
})

describe.each(['macvlan', 'macvtap'] as const)('%s', (kind) => {
  needsProgram('ip')
  needsKind(kind)

  it.each(['private', 'vepa', 'bridge', 'passthru'] as const)('has the mode %s', async (mode) => {
    await using l = await lab()
    await l.host.links.add({ kind: 'veth', name: 'base' })
    const spec = { name: 'm', link: 'base' }
    const made =
      kind === 'macvlan'
        ? await l.host.links.add({ kind, ...spec, macvlan: { mode } })
        : await l.host.links.add({ kind, ...spec, macvtap: { mode } })
    expect(made).toMatchObject({ kind, [kind]: { mode } })
    expect((await l.ip('m'))['linkinfo']).toMatchObject({ info_data: { mode } })
  })

  it('has source addresses, which are replaced as a set', async () => {
    await using l = await lab()
    const { host } = l
    await host.links.add({ kind: 'veth', name: 'base' })
    const two = { mode: 'source', sourceAddresses: ['02:00:00:00:00:01', '02:00:00:00:00:02'] } as const
    const one = { sourceAddresses: ['02:00:00:00:00:03'] }
    const spec = { name: 'm', link: 'base' }
    const made =
      kind === 'macvlan'
        ? await host.links.add({ kind, ...spec, macvlan: two })
        : await host.links.add({ kind, ...spec, macvtap: two })
    expect(made).toMatchObject({ [kind]: { mode: 'source', sourceAddressCount: 2 } })
    const { sourceAddresses } = (made as unknown as Record<string, { sourceAddresses: string[] }>)[kind]!
    expect([...sourceAddresses].sort()).toEqual(two.sourceAddresses)
    await host.links.set('m', kind === 'macvlan' ? { macvlan: one } : { macvtap: one })
    expect(await host.links.get('m')).toMatchObject({ [kind]: { ...one, sourceAddressCount: 1 } })
  })
})

describe('ipvlan', () => {
  needsProgram('ip')
  needsKind('ipvlan')

  it.each(['l2', 'l3', 'l3s'] as const)('has the mode %s', async (mode) => {
    await using l = await lab()
    await l.host.links.add({ kind: 'veth', name: 'base' })
    const made = await l.host.links.add({
      kind: 'ipvlan',
      name: 'i',
      link: 'base',
      ipvlan: { mode, flags: ['private'] }
    })
    expect(made).toMatchObject({ kind: 'ipvlan', ipvlan: { mode, flags: ['private'] } })
    expect((await l.ip('i'))['linkinfo']).toMatchObject({ info_data: { mode } })
    await l.host.links.set('i', { ipvlan: { flags: ['vepa'] } })
    expect(await l.host.links.get('i')).toMatchObject({ ipvlan: { mode, flags: ['vepa'] } })
  })
})

describe('dummy', () => {
  needsProgram('ip')
  needsKind('dummy')

  it('has all that has no settings of its own, and a carrier that can be taken away', async () => {
    await using l = await lab()
    const made = await l.host.links.add({ kind: 'dummy', name: 'foo', index: 1000, up: true, carrier: false })
    expect(made).toMatchObject({ kind: 'dummy', index: 1000, up: true, carrier: false })
    await l.host.links.set('foo', { carrier: true })
    const again = await l.host.links.get('foo')
    expect(again.carrier).toBe(true)
    // Older kernels never say "up" of a dummy.
    expect(['unknown', 'up']).toContain(again.operationalState)
  })
})

describe('a kind that netloom does not know', () => {
  needsProgram('ip')
  needsKind('vrf')

  it('reads as unknown, with its data, and so do its ports', async () => {
    await using l = await lab()
    await l.ns.run('ip', 'link', 'add', 'red', 'type', 'vrf', 'table', '10')
    const link = await l.host.links.get('red')
    expect(link.kind).toBe('unknown')
    if (link.kind !== 'unknown') throw new Error('known')
    expect(link).toMatchObject({ kindName: 'vrf', data: new Uint8Array([8, 0, 1, 0, 10, 0, 0, 0]) })
    const made = await l.host.links.add({ kind: 'unknown', kindName: 'vrf', name: 'blue', data: link.data! })
    expect(made).toMatchObject({ kind: 'unknown', kindName: 'vrf', data: link.data })
    await l.host.links.add({ kind: 'ifb', name: 'p', master: 'red' })
    expect(await l.host.links.get('p')).toMatchObject({
      master: link.index,
      unknownPort: { kindName: 'vrf' }
    })
    expect((await l.host.links.list({ kind: 'unknown' })).map(({ name }) => name)).toEqual(['red', 'blue'])
    expect((await l.host.links.list({ kindName: 'vrf' })).map(({ name }) => name)).toEqual(['red', 'blue'])
  })
})
