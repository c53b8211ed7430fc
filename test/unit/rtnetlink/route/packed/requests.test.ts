/** The addon's encoder beside that of routes.add and routes.delete: the same bytes for the same routes. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binding } from '../../../../../src/binding.js'
import { Writer } from '../../../../../src/codec/index.js'
import {
  routeOperations,
  type PackedRoutesSpec,
  type RouteSpec
} from '../../../../../src/rtnetlink/route/index.js'
import { RouteBlock } from '../../../../../src/rtnetlink/route/packed/block.js'
import { GivenColumns } from '../../../../../src/rtnetlink/route/packed/columns.js'
import { packedVerbs } from '../../../../../src/rtnetlink/route/packed/verbs.js'
import { connection } from '../../encoded.js'

type Verb = keyof typeof packedVerbs

/** All rows in one block. */
function load(verb: Verb, columns: PackedRoutesSpec): RouteBlock {
  const given = new GivenColumns(columns, connection, packedVerbs[verb].protocol)
  const block = new RouteBlock(given.family, given.length)
  given.fill(block)
  given.load(block, 0)
  return block
}

const requestsOf = (verb: Verb, columns: PackedRoutesSpec) =>
  binding().encodeRoutes(load(verb, columns).native, packedVerbs[verb])

/** What the verb for one route sends for each of several. */
function expected(verb: Verb, specs: readonly RouteSpec[]): Uint8Array {
  const writer = new Writer()
  const NLM_F_REQUEST = 1
  for (const spec of specs) {
    const operation = routeOperations[verb](connection, spec)
    const start = writer.beginMessage(operation.type, operation.flags | NLM_F_REQUEST)
    operation.write(writer, () => 1)
    writer.endMessage(start)
  }
  return writer.written()
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

const inet: PackedRoutesSpec = {
  family: 'inet',
  destination: Uint32Array.of(0x0a010000, 0, 0x14000000, 0x0a010203),
  prefixLength: Uint8Array.of(16, 0, 8, 32),
  gateway: Uint32Array.of(0x0a000002, 0, 0x0a000003, 0),
  link: Uint32Array.of(3, 4, 0, 5),
  priority: Uint32Array.of(0, 10, 0xffffffff, 0),
  table: Uint32Array.of(254, 255, 256, 70000),
  protocol: Uint8Array.of(3, 186, 4, 77),
  flags: Uint32Array.of(0, 0, 4, 0x4011)
}

const inetRows: readonly RouteSpec[] = [
  { destination: '10.1.0.0/16', gateway: '10.0.0.2', link: 3 },
  { destination: 'default', link: 4, priority: 10, table: 'local', protocol: 'bgp' },
  {
    destination: '20.0.0.0/8',
    gateway: '10.0.0.3',
    priority: 0xffffffff,
    table: 256,
    protocol: 'static',
    flags: ['onlink']
  },
  { destination: '10.1.2.3', link: 5, table: 70000, protocol: 77, flags: ['dead', 'linkdown', 'rt_offload'] }
]

describe('packed routes on the wire', () => {
  it.each(['add', 'replace'] as const)('%s as one by one', (verb) => {
    expect(hex(requestsOf(verb, inet))).toBe(hex(expected(verb, inetRows)))
  })

  it('delete as one by one', () => {
    const rows = inetRows.map((row, i) => (i === 0 ? { ...row, protocol: 'boot' as const } : row))
    expect(hex(requestsOf('delete', inet))).toBe(hex(expected('delete', rows)))
  })

  it('takes one value for all rows', () => {
    const columns: PackedRoutesSpec = {
      family: 'inet',
      destination: Uint32Array.of(0x0a010000, 0x0a020000),
      prefixLength: 16,
      gateway: '10.0.0.2',
      link: 7,
      priority: 5,
      table: 'local',
      protocol: 'zebra',
      flags: ['onlink']
    }
    const rest = {
      gateway: '10.0.0.2',
      link: 7,
      priority: 5,
      table: 'local',
      protocol: 'zebra',
      flags: ['onlink']
    } as const
    const rows = ['10.1.0.0/16', '10.2.0.0/16'].map((destination) => ({ destination, ...rest }))
    expect(hex(requestsOf('add', columns))).toBe(hex(expected('add', rows)))
    expect(hex(requestsOf('add', { ...columns, gateway: 0x0a000002 }))).toBe(hex(expected('add', rows)))
  })

  it('fills in what is absent as the verb does', () => {
    const columns = { family: 'inet', destination: Uint32Array.of(0x0a010000), prefixLength: 16 } as const
    for (const verb of ['add', 'replace', 'delete'] as const) {
      expect(hex(requestsOf(verb, columns))).toBe(hex(expected(verb, [{ destination: '10.1.0.0/16' }])))
    }
  })

  it('writes IPv6', () => {
    const destination = new Uint8Array(48)
    destination.set([0xfd, 1], 0)
    destination.set([0xfd, 2], 16)
    const gateway = new Uint8Array(48)
    gateway.set([0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 16)
    const columns: PackedRoutesSpec = {
      family: 'inet6',
      destination,
      prefixLength: Uint8Array.of(64, 16, 0),
      gateway,
      link: Uint32Array.of(3, 3, 0),
      priority: 7
    }
    const rows: readonly RouteSpec[] = [
      { destination: 'fd01::/64', link: 3, priority: 7 },
      { destination: 'fd02::/16', gateway: 'fe80::1', link: 3, priority: 7 },
      { destination: '::/0', priority: 7 }
    ]
    for (const verb of ['add', 'delete'] as const) {
      expect(hex(requestsOf(verb, columns))).toBe(hex(expected(verb, rows)))
    }
    const scalar = rows.map((row) => ({ ...row, gateway: 'fe80::2' }))
    expect(hex(requestsOf('add', { ...columns, gateway: 'fe80::2' }))).toBe(hex(expected('add', scalar)))
  })

  const row = fc.record({
    address: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    gateway: fc.oneof(fc.constant(new Uint8Array(16)), fc.uint8Array({ minLength: 16, maxLength: 16 })),
    length: fc.nat(128),
    link: fc.nat(0x7fffffff),
    priority: fc.nat(0xffffffff),
    table: fc.integer({ min: 1, max: 0xffffffff }),
    protocol: fc.integer({ min: 1, max: 255 }),
    flags: fc.nat(0xffffffff)
  })

  it.each(['inet', 'inet6'] as const)('are those of single routes, whatever is in them: %s', (family) => {
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 20 }),
        fc.constantFrom<Verb>('add', 'replace', 'delete'),
        (rows, verb) => {
          const block = load(verb, columnsOf(family, rows))
          expect(binding().checkRoutes(block.native)).toBeUndefined()
          const specs = rows.map((_, i) => block.spec(i, verb === 'delete'))
          const requests = binding().encodeRoutes(block.native, packedVerbs[verb])
          expect(hex(requests)).toBe(hex(expected(verb, specs)))
          // Each alone is what it is among others.
          const alone = rows.map((_, i) => binding().encodeRoutes(block.single(i).native, packedVerbs[verb]))
          expect(Buffer.concat(alone).equals(requests)).toBe(true)
        }
      )
    )
  })
})

interface Row {
  readonly address: Uint8Array
  readonly gateway: Uint8Array
  readonly length: number
  readonly link: number
  readonly priority: number
  readonly table: number
  readonly protocol: number
  readonly flags: number
}

function columnsOf(family: 'inet' | 'inet6', rows: readonly Row[]): PackedRoutesSpec {
  const bits = family === 'inet' ? 32 : 128
  const lengths = rows.map(({ length }) => length % (bits + 1))
  const masked = rows.map(({ address }, i) =>
    address.map((byte, at) => byte & (0xff00 >> Math.min(8, Math.max(0, lengths[i]! - at * 8))))
  )
  const common = {
    prefixLength: Uint8Array.from(lengths),
    link: Uint32Array.from(rows, (each) => each.link),
    priority: Uint32Array.from(rows, (each) => each.priority),
    table: Uint32Array.from(rows, (each) => each.table),
    protocol: Uint8Array.from(rows, (each) => each.protocol),
    flags: Uint32Array.from(rows, (each) => each.flags)
  }
  const gateways = rows.map(({ gateway }) => gateway)
  if (family === 'inet6') {
    const join = (parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts))
    return { family, destination: join(masked), gateway: join(gateways), ...common }
  }
  const number = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  return {
    family,
    destination: Uint32Array.from(masked, number),
    gateway: Uint32Array.from(gateways, number),
    ...common
  }
}
