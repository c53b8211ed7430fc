import { describe, expect, it } from 'vitest'
import { Writer } from '../../../../src/codec/index.js'
import { linkDump, linkOperations, readLink } from '../../../../src/rtnetlink/link/index.js'
import { linkLocator } from '../../../../src/rtnetlink/link/schema.js'
import { connection, encoded, index, message } from '../encoded.js'

const RTM_NEWLINK = 16
const { add, set, delete: remove } = linkOperations

/** `struct ifinfomsg` without flags. */
const header = '00000000 00000000 00000000 00000000'

describe('a link on the wire', () => {
  it('is its name and its kind', () => {
    expect(encoded(add(connection, { kind: 'ifb', name: 'a' }))).toBe(
      `${header} 06000300 61000000 0c001280 08000100 69666200`
    )
  })

  it('has flags with a mask of what to change', () => {
    expect(encoded(set(connection, 5, { up: true, arp: true, promiscuous: false }))).toBe(
      '00000000 05000000 01000000 81010000'
    )
    expect(encoded(set(connection, 5, { up: false, arp: false }))).toBe('00000000 05000000 80000000 81000000')
  })

  it('is changed by name in one request, unless the name or the group is what changes', () => {
    const byName = set(connection, 'a', { mtu: 1400 })
    expect(byName.needs).toEqual([])
    expect(encoded(byName)).toBe(`${header} 06000300 61000000 08000400 78050000`)
    const long = set(connection, 'longer-than-fifteen', { mtu: 1400 })
    expect(encoded(long)).toContain('18003500 6c6f6e67')
    expect(set(connection, 'a', { name: 'b' }).needs).toEqual(['a'])
    expect(set(connection, 'a', { group: 5, master: 'br0' }).needs).toEqual(['br0', 'a'])
    expect(encoded(set(connection, 'a', { name: 'b' }))).toBe(
      `00000000 0${index}000000 00000000 00000000 06000300 62000000`
    )
  })

  it('is cleared by null', () => {
    expect(encoded(set(connection, 5, { master: null, alias: null, group: null }))).toBe(
      '00000000 05000000 00000000 00000000 08000a00 00000000 05001400 00000000 08001b00 00000000'
    )
  })

  it('has settings of its kind in a nest', () => {
    expect(encoded(add(connection, { kind: 'bridge', name: 'a', bridge: { forwardDelay: 2 } }))).toBe(
      `${header} 06000300 61000000 1c001280 0b000100 62726964 67650000 0c000280 08000100 c8000000`
    )
  })

  it('has a peer as a message within', () => {
    const spec = {
      kind: 'veth',
      name: 'a',
      peer: { name: 'b', mtu: 1400, up: true, namespace: { pid: 9 } }
    } as const
    expect(encoded(add(connection, spec))).toBe(
      [
        `${header} 06000300 61000000 40001280 09000100 76657468 00000000`,
        // The peer can't be up yet.
        `30000280 2c000100 ${header} 06000300 62000000 08000400 78050000 08001300 09000000`
      ].join(' ')
    )
  })

  it('refers to other links by index, in nests too', () => {
    const spec = { kind: 'vxlan', name: 'a', master: 'br0', vxlan: { id: 5, link: 'eth0' } } as const
    const operation = add(connection, spec)
    expect(operation.needs).toEqual(['br0', 'eth0'])
    expect(encoded(operation)).toBe(
      `${header} 06000300 61000000 08000a00 0${index}000000 ` +
        `24001280 0a000100 76786c61 6e000000 14000280 08000100 05000000 08000300 0${index}000000`
    )
  })

  it('is told by the settings of its kind, and of its port', () => {
    expect(encoded(set(connection, 5, { vlan: { gvrp: true, reorderHeader: false } }))).toBe(
      '00000000 05000000 00000000 00000000 ' +
        '20001280 09000100 766c616e 00000000 10000280 0c000200 02000000 03000000'
    )
    expect(encoded(set(connection, 5, { bridgePort: { cost: 9 } }))).toBe(
      '00000000 05000000 00000000 00000000 1c001280 0b000400 62726964 67650000 0c000580 08000300 09000000'
    )
  })

  it('of an unknown kind has bytes', () => {
    const data = new Uint8Array([8, 0, 1, 0, 10, 0, 0, 0])
    expect(encoded(add(connection, { kind: 'unknown', kindName: 'vrf', name: 'a', data }))).toBe(
      `${header} 06000300 61000000 18001280 08000100 76726600 0c000280 08000100 0a000000`
    )
  })

  it('gets its name later where the kernel completes it', () => {
    const first = encoded(add(connection, { kind: 'ifb', name: 'x%d', up: true }))
    expect(first).toMatch(/^00000000 00000000 00000000 00000000 14000300 6e6c2d/)
    expect(add(connection, { kind: 'ifb' }).creates).toEqual([])
  })

  it('is deleted, and looked for, by name or index', () => {
    expect(encoded(remove(connection, 'a'))).toBe(`${header} 06000300 61000000`)
    expect(encoded(remove(connection, { index: 9, name: 'a' }))).toBe('00000000 09000000 00000000 00000000')
    expect(encoded(linkDump(connection, { master: 'br0', kind: 'ifb' }))).toBe(
      `${header} 08000a00 0${index}000000 08001d00 08000000 0c001280 08000100 69666200`
    )
  })
})

describe('a link that is read', () => {
  const name = '06000300 61000000'
  const read = (payload: string) => readLink(message(RTM_NEWLINK, payload))

  it('has absent what is not there', () => {
    const link = read(`00000100 05000000 43100100 00000000 ${name} 08002500 ffffffff 08000500 00000000`)
    expect(link).toEqual({
      index: 5,
      linkType: 'ether',
      name: 'a',
      flags: ['up', 'broadcast', 'running', 'multicast', 'lower_up'],
      up: true,
      arp: true,
      multicast: true,
      allMulticast: false,
      promiscuous: false,
      alternativeNames: [],
      kind: undefined
    })
  })

  it('keeps what is not known, in every nest', () => {
    const link = read(
      `00000100 05000000 00000000 00000000 ${name} 0800e703 01000000 ` +
        '24001200 0a000100 76786c61 6e000000 14000200 08000100 2a000000 0500e803 01000000'
    )
    expect(link).toMatchObject({
      kind: 'vxlan',
      vxlan: { id: 42, unknown: [{ type: 1000, bytes: new Uint8Array([1]) }] },
      unknown: [{ type: 999, bytes: new Uint8Array([1, 0, 0, 0]) }]
    })
  })

  it('is unknown where the kind is, and so is its port', () => {
    const link = read(
      `00000100 05000000 00000000 00000000 ${name} ` +
        '24001200 08000100 67726500 0c000200 08000100 01000000 09000400 7465616d 00000000'
    )
    expect(link).toMatchObject({
      kind: 'unknown',
      kindName: 'gre',
      data: new Uint8Array([8, 0, 1, 0, 1, 0, 0, 0]),
      unknownPort: { kindName: 'team' }
    })
  })

  it('survives messages of any length', () => {
    const whole = Buffer.from(
      `00000100050000000000000000000000${name}1c0012000b00010062726964676500000c00020008000100c8000000`.replace(
        / /g,
        ''
      ),
      'hex'
    )
    for (let length = 0; length <= whole.length; length++) {
      expect(() => read(whole.subarray(0, length).toString('hex'))).not.toThrow()
    }
    expect(read(whole.toString('hex'))).toMatchObject({ kind: 'bridge', bridge: { forwardDelay: 2 } })
  })
})

describe('the path of an attribute', () => {
  const paths = (operation: {
    write(writer: Writer, indexOf: () => number): void
  }): Set<string | undefined> => {
    const writer = new Writer()
    operation.write(writer, () => index)
    const { length } = writer.written()
    const found = new Set<string | undefined>()
    for (let at = 16; at < length; at += 4) found.add(linkLocator.locate(writer.bytes, 0, length, at))
    return found
  }

  it('is that of the spec', () => {
    const spec = { kind: 'vxlan', name: 'a', bridgePort: { cost: 1 }, vxlan: { id: 5, df: 'set' } } as const
    expect([...paths(add(connection, spec))]).toEqual(
      expect.arrayContaining(['name', 'vxlan', 'vxlan.id', 'vxlan.df'])
    )
    expect([...paths(set(connection, 5, { bridgePort: { cost: 1 } }))]).toContain('bridgePort.cost')
    expect([...paths(add(connection, { kind: 'veth', name: 'a', peer: { name: 'b', mtu: 5 } }))]).toEqual(
      expect.arrayContaining(['peer.name', 'peer.mtu'])
    )
    expect([...paths(set(connection, 5, { addressGenerationMode: 'none' }))]).toContain(
      'addressGenerationMode'
    )
  })
})
