import { describe, expect, it } from 'vitest'
import { Writer } from '../../../../src/codec/index.js'
import type { Message, NetlinkConnection } from '../../../../src/netlink/index.js'
import { nextHopOperations, readNextHop, type NextHopSpec } from '../../../../src/rtnetlink/nexthop/index.js'

const connection = undefined as unknown as NetlinkConnection

function bytesOf(spec: NextHopSpec): Uint8Array {
  const writer = new Writer()
  nextHopOperations.add(connection, spec).write(writer, () => 1)
  return writer.written().slice()
}

function read(source: Uint8Array) {
  const bytes = new Uint8Array(source)
  const message: Message = { type: 104, flags: 0, sequence: 0, bytes, offset: 0, length: bytes.length }
  return readNextHop(message)
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

describe('a next-hop object on the wire', () => {
  // struct nhmsg: family, scope, protocol, reserved, flags.
  it.each<[string, NextHopSpec, string]>([
    [
      'a gateway gives its family',
      { id: 7, gateway: 'fd00::2', link: 3, flags: ['onlink'] },
      '0a00000004000000' +
        '0800010007000000' +
        '0800050003000000' +
        '14000600fd000000000000000000000000000002'
    ],
    ['a link alone is of IPv4', { link: 3 }, '0200000000000000' + '0800050003000000'],
    ['a blackhole', { id: 7, blackhole: true }, '0200000000000000' + '0800010007000000' + '04000400'],
    [
      'a group: weights less one, the upper byte after the lower',
      { id: 9, group: [{ id: 1, weight: 300 }, { id: 2 }] },
      '0000000000000000' + '0800010009000000' + '14000200' + '010000002b010000' + '0200000000000000'
    ],
    [
      'a resilient group, its timers in hundredths of a second',
      { group: [{ id: 1 }], groupType: 'resilient', resilient: { buckets: 32, idleTimer: 60 } },
      '0000000000000000' +
        '0c0002000100000000000000' +
        '0600030001000000' +
        '14000c80' +
        '0600010020000000' +
        '0800020070170000'
    ]
  ])('%s', (_name, spec, expected) => {
    expect(hex(bytesOf(spec))).toBe(expected)
  })

  it('reads what it wrote', () => {
    const spec: NextHopSpec = {
      id: 9,
      group: [
        { id: 1, weight: 65535 },
        { id: 2, weight: 1 }
      ],
      groupType: 'resilient',
      resilient: { buckets: 32, idleTimer: 60, unbalancedTimer: 0 }
    }
    expect(read(bytesOf(spec))).toEqual({ ...spec, scope: 'global', protocol: 'unspec', flags: [] })
  })

  it('keeps attributes that it does not know', () => {
    const bytes = Buffer.from('0200000000000000' + '0800010007000000' + '08003f0001020304', 'hex')
    expect(read(bytes)).toMatchObject({ id: 7, unknown: [{ type: 63, bytes: Uint8Array.of(1, 2, 3, 4) }] })
  })
})
