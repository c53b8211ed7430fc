import { describe, expect, it } from 'vitest'
import { RouteBlock } from '../../../../../src/rtnetlink/route/packed/block.js'
import { checkBlock } from '../../../../../src/rtnetlink/route/packed/check.js'
import { GivenColumns } from '../../../../../src/rtnetlink/route/packed/columns.js'
import type { PackedRoutesSpec } from '../../../../../src/rtnetlink/route/index.js'
import { connection } from '../../encoded.js'

const boot = 3
const good = {
  family: 'inet',
  destination: Uint32Array.of(0x0a010000, 0x0a020000, 0x0a030000),
  prefixLength: Uint8Array.of(16, 16, 16)
} as const

const given = (columns: object) => new GivenColumns(columns as PackedRoutesSpec, connection, boot)

/** Checks rows from 1 on in a block of two, as a table is that is longer than a block. */
function check(columns: object): void {
  const columnsGiven = given({ ...good, ...columns })
  const block = new RouteBlock(columnsGiven.family, 2)
  columnsGiven.fill(block)
  columnsGiven.load(block, 1)
  checkBlock(block, columnsGiven, 1)
}

describe('columns of routes', () => {
  it.each<[string, object, string, string]>([
    ['no object', [], '', 'ERR_INVALID_ARG_TYPE'],
    ['no family', { ...good, family: undefined }, 'family', 'ERR_INVALID_ARG_VALUE'],
    ['a family without packed routes', { ...good, family: 'mpls' }, 'family', 'ERR_INVALID_ARG_VALUE'],
    ['a key of no column', { ...good, metric: 1 }, 'metric', 'ERR_UNKNOWN_FIELD'],
    ['destinations in an array', { ...good, destination: [0] }, 'destination', 'ERR_INVALID_ARG_TYPE'],
    ['IPv6 as words', { ...good, family: 'inet6' }, 'destination', 'ERR_INVALID_ARG_TYPE'],
    [
      'half an IPv6 address',
      { ...good, family: 'inet6', destination: new Uint8Array(40) },
      'destination',
      'ERR_OUT_OF_RANGE'
    ],
    ['no prefix lengths', { ...good, prefixLength: undefined }, 'prefixLength', 'ERR_INVALID_ARG_TYPE'],
    ['a prefix length for all', { ...good, prefixLength: 33 }, 'prefixLength', 'ERR_OUT_OF_RANGE'],
    [
      'words for bytes',
      { ...good, prefixLength: new Uint32Array(3) },
      'prefixLength',
      'ERR_INVALID_ARG_TYPE'
    ],
    ['too few gateways', { ...good, gateway: new Uint32Array(2) }, 'gateway', 'ERR_OUT_OF_RANGE'],
    ['a gateway of the other family', { ...good, gateway: 'fd00::1' }, 'gateway', 'ERR_INVALID_ARG_VALUE'],
    ['too many links', { ...good, link: new Uint32Array(4) }, 'link', 'ERR_OUT_OF_RANGE'],
    ['bytes for links', { ...good, link: new Uint8Array(3) }, 'link', 'ERR_INVALID_ARG_TYPE'],
    ['link 0 for all', { ...good, link: 0 }, 'link', 'ERR_OUT_OF_RANGE'],
    ['a negative priority', { ...good, priority: -1 }, 'priority', 'ERR_OUT_OF_RANGE'],
    ['table 0 for all', { ...good, table: 0 }, 'table', 'ERR_OUT_OF_RANGE'],
    ['a table of no such name', { ...good, table: 'no such table' }, 'table', 'ERR_INVALID_ARG_VALUE'],
    ['an unknown protocol', { ...good, protocol: 'carrier pigeon' }, 'protocol', 'ERR_INVALID_ARG_VALUE'],
    ['an unknown flag', { ...good, flags: ['heavy'] }, 'flags', 'ERR_INVALID_ARG_VALUE'],
    ['a wrong length', { ...good, length: 4 }, 'length', 'ERR_INVALID_ARG_VALUE'],
    ['others left in', { ...good, others: [{}] }, 'others', 'ERR_INVALID_ARG_VALUE']
  ])('refuses %s', (_name, columns, field, code) => {
    expect(() => given(columns)).toThrow(expect.objectContaining({ field, code }))
  })

  it.each<[string, object, string, string]>([
    [
      'host bits',
      { destination: Uint32Array.of(0, 0x0a020000, 0x0a030001) },
      'destination[2] must be a prefix without host bits; got "10.3.0.1/16"',
      'ERR_INVALID_ARG_VALUE'
    ],
    [
      'a prefix that is too long',
      { prefixLength: Uint8Array.of(99, 33, 34) },
      'prefixLength[1] must be a prefix length from 0 to 32; got 33',
      'ERR_OUT_OF_RANGE'
    ],
    [
      'host bits past a length that is given once',
      { prefixLength: 8 },
      'destination[1] must be a prefix without host bits; got "10.2.0.0/8"',
      'ERR_INVALID_ARG_VALUE'
    ],
    [
      'a link that none can be',
      { link: Uint32Array.of(0, 0, 0x80000000) },
      'link[2] must be a link index from 1 to 2147483647, or 0 for none; got 2147483648',
      'ERR_OUT_OF_RANGE'
    ],
    [
      'table 0',
      { table: Uint32Array.of(0, 254, 0) },
      'table[2] must be a routing table: a number from 1 to 4294967295; got 0',
      'ERR_OUT_OF_RANGE'
    ],
    [
      'host bits of IPv6',
      {
        family: 'inet6',
        destination: Uint8Array.from({ length: 48 }, (_, i) => (i === 47 ? 1 : 0)),
        prefixLength: 127
      },
      'destination[2] must be a prefix without host bits; got "::1/127"',
      'ERR_INVALID_ARG_VALUE'
    ]
  ])('refuses %s in a row', (_name, columns, message, code) => {
    expect(() => check(columns)).toThrow(expect.objectContaining({ message, code }))
  })

  it('accepts what is right', () => {
    expect(() => check({})).not.toThrow()
    expect(() => check({ length: 3, others: [], link: 'eth0', priority: 0xffffffff })).not.toThrow()
    expect(given({ ...good, link: 'eth0' }).linkName).toBe('eth0')
    expect(given({ ...good, link: { index: 3, name: 'eth0' } }).linkName).toBeUndefined()
  })

  it('takes parts of shared memory', () => {
    const shared = new Uint32Array(new SharedArrayBuffer(40), 8, 3)
    shared.set(good.destination)
    const columns = given({ ...good, destination: shared })
    const block = new RouteBlock('inet', 3)
    columns.fill(block)
    columns.load(block, 0)
    shared.fill(0)
    expect(block.column('destination')).toEqual(good.destination)
  })

  it('notices columns that were taken away', () => {
    const destination = good.destination.slice()
    const columns = given({ ...good, destination })
    structuredClone(destination, { transfer: [destination.buffer] })
    expect(() => columns.load(new RouteBlock('inet', 3), 0)).toThrow(
      expect.objectContaining({ field: 'destination', code: 'ERR_INVALID_ARG_VALUE' })
    )
  })
})

describe('a block of routes', () => {
  it('tells a row as a spec', () => {
    const columns = given({
      ...good,
      gateway: Uint32Array.of(0, 0x0a000002, 0),
      link: Uint32Array.of(0, 3, 0),
      priority: Uint32Array.of(0, 10, 0),
      table: Uint32Array.of(254, 500, 254),
      protocol: Uint8Array.of(0, 186, 0),
      flags: Uint32Array.of(0, 4, 0)
    })
    const block = new RouteBlock('inet', 3)
    columns.load(block, 0)
    expect(block.spec(0, true)).toEqual({ family: 'inet', destination: '10.1.0.0/16', table: 254 })
    expect(block.spec(0, false)).toMatchObject({ protocol: 'unspec' })
    expect(block.spec(1, false)).toEqual({
      family: 'inet',
      destination: '10.2.0.0/16',
      gateway: '10.0.0.2',
      link: 3,
      priority: 10,
      table: 500,
      protocol: 'bgp',
      flags: ['onlink']
    })
  })
})
