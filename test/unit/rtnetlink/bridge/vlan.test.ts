import { describe, expect, it } from 'vitest'
import { bridgeVlanOperations } from '../../../../src/rtnetlink/bridge/index.js'
import type {
  BridgeVlanChange,
  BridgeVlanFilter,
  BridgeVlanSpec
} from '../../../../src/rtnetlink/bridge/index.js'
import { vlanDump } from '../../../../src/rtnetlink/bridge/vlan/dump.js'
import { connection, encoded, message } from '../encoded.js'

const { add, set, delete: remove } = bridgeVlanOperations
const RTM_NEWVLAN = 112

describe('VLANs of a bridge on the wire', () => {
  it('are one, or several in a row', () => {
    expect(encoded(add(connection, { link: 3, vlan: 3, flags: ['pvid', 'untagged'] }))).toBe(
      '07000000 03000000 0c000180 08000100 06000300'
    )
    expect(
      encoded(add(connection, { link: 'eth0', vlan: 4, vlanEnd: 6, flags: ['untagged'], state: 'blocking' }))
    ).toBe('07000000 07000000 1c000180 08000100 04000400 06000200 06000000 05000300 04000000')
    expect(encoded(remove(connection, { link: 3, vlan: 4 }))).toBe(
      '07000000 03000000 0c000180 08000100 00000400'
    )
  })

  it('change without being added', () => {
    expect(encoded(set(connection, { link: 3, vlan: 4, tunnelId: null }))).toBe(
      '07000000 03000000 18000180 08000100 40000400 0c000480 08000200 11000000'
    )
    expect(encoded(set(connection, { link: 3, vlan: 4, tunnelId: 9 }))).toContain(
      '14000480 08000100 09000000 08000200 13000000'
    )
  })

  it('are asked for by link, with their traffic on request', () => {
    expect(encoded(vlanDump(connection, {}))).toBe('07000000 00000000')
    expect(encoded(vlanDump(connection, { link: 'eth0', statistics: true }))).toBe(
      '07000000 07000000 08000100 01000000'
    )
  })
})

describe('reading the VLANs of a port', () => {
  const read = (entries: string, filter: BridgeVlanFilter = {}) =>
    vlanDump(connection, filter).read(message(RTM_NEWVLAN, `07000000 03000000 ${entries}`))
  const range = '14000180 08000100 04000400 06000200 06000000'
  const single = '14000180 08000100 06000300 05000300 03000000'

  it('tells those in a row one by one', () => {
    expect(read(`${single} ${range}`)).toEqual([
      { link: 3, vlan: 3, flags: ['pvid', 'untagged'], state: 'forwarding' },
      { link: 3, vlan: 4, flags: ['untagged'] },
      { link: 3, vlan: 5, flags: ['untagged'] },
      { link: 3, vlan: 6, flags: ['untagged'] }
    ])
    expect(read(`${single} ${range}`, { vlan: 5 })).toEqual([{ link: 3, vlan: 5, flags: ['untagged'] }])
  })

  it('counts tunnel ids along', () => {
    const tunneled = '20000180 08000100 00000400 06000200 05000000 0c000480 08000100 e8030000'
    expect(read(tunneled)?.map(({ vlan, tunnelId }) => [vlan, tunnelId])).toEqual([
      [4, 1000],
      [5, 1001]
    ])
  })

  it('keeps what it does not know', () => {
    expect(read('14000180 08000100 00000400 08006300 01020304')).toEqual([
      { link: 3, vlan: 4, flags: [], unknown: [{ type: 99, bytes: new Uint8Array([1, 2, 3, 4]) }] }
    ])
  })
})

describe('bad input', () => {
  const good = { link: 'eth0', vlan: 5 }

  it.each<[unknown, string]>([
    [null, ''],
    [5, ''],
    [{ vlan: 5 }, 'link'],
    [{ link: 'eth0' }, 'vlan'],
    [{ ...good, link: 'a b' }, 'link'],
    [{ ...good, vlan: 0 }, 'vlan'],
    [{ ...good, vlan: 4095 }, 'vlan'],
    [{ ...good, vlan: '5' }, 'vlan'],
    [{ ...good, vlanEnd: 5 }, 'vlanEnd'],
    [{ ...good, vlanEnd: 5000 }, 'vlanEnd'],
    [{ ...good, vlanEnd: 6, flags: ['pvid'] }, 'vlanEnd'],
    [{ ...good, flags: ['tagged'] }, 'flags'],
    [{ ...good, state: 'open' }, 'state'],
    [{ ...good, tunnelId: 2 ** 24 }, 'tunnelId'],
    [{ ...good, vid: 5 }, 'vid']
  ])('refuses to add %j', (spec, field) => {
    expect(() => encoded(add(connection, spec as BridgeVlanSpec))).toThrow(expect.objectContaining({ field }))
  })

  it('refuses to change what only adding can', () => {
    const change = { ...good, flags: ['pvid'] } as BridgeVlanChange
    expect(() => encoded(set(connection, change))).toThrow(expect.objectContaining({ field: 'flags' }))
  })

  it.each<[unknown, string]>([
    [{ vlan: 0 }, 'vlan'],
    [{ statistics: 1 }, 'statistics'],
    [{ dev: 'eth0' }, 'dev']
  ])('refuses the filter %j', (filter, field) => {
    expect(() => vlanDump(connection, filter as BridgeVlanFilter)).toThrow(expect.objectContaining({ field }))
  })
})
