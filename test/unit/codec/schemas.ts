import fc from 'fast-check'
import {
  attribute,
  attributeBit,
  be16,
  be32,
  be64,
  bool8,
  bool32,
  bytes,
  enumeration,
  familyAddress,
  flags,
  header,
  headerBit,
  i32,
  i8,
  interfaceName,
  ip,
  ipv4,
  ipv6,
  list,
  mac,
  packed,
  prefix,
  present,
  presence,
  readOnly,
  record,
  repeated,
  required,
  scaled,
  struct,
  text,
  toggles,
  u16,
  u32,
  u64,
  u8,
  writeOnly,
  type Field,
  type Type,
  Writer
} from '../../../src/codec/index.js'

/** A schema in the manner of `struct rtmsg` and its attributes, for tests of the codec alone. */
export const route = record(
  {
    family: header(0, enumeration(u8, { unspec: 0, inet: 2, inet6: 10 }), { absent: 'unspec' }),
    destination: prefix({ attribute: 1, lengthOffset: 1, familyOffset: 0, default: true }),
    source: prefix({ attribute: 2, lengthOffset: 2, familyOffset: 0, zero: 'absent', hostBits: 'keep' }),
    tos: header(3, u8, { absent: 0 }),
    table: header(4, enumeration(u8, { main: 254, local: 255 }), { default: () => 'main' as const }),
    protocol: header(5, enumeration(u8, { kernel: 2, boot: 3, static: 4 }), {
      default: () => 'boot' as const
    }),
    scope: header(6, enumeration(u8, { universe: 0, link: 253, host: 254 })),
    type: header(7, enumeration(u8, { unicast: 1, local: 2, blackhole: 6 }), {
      default: () => 'unicast' as const
    }),
    flags: header(8, flags(u32, { dead: 1, pervasive: 2, onlink: 4, offload: 8 })),
    inputLink: attribute(3, u32.within({ min: 1 })),
    link: attribute(4, u32.within({ min: 1 })),
    gateway: familyAddress(5, { familyOffset: 0 }),
    priority: attribute(6, u32),
    preferredSource: attribute(7, ip),
    metrics: attribute(8, record({ mtu: attribute(2, u32), window: attribute(3, u32) })),
    nextHops: attribute(
      9,
      list(
        record(
          { link: present(required(attribute(4, u32))), gateway: attribute(5, ip) },
          { what: 'a next hop' }
        )
      )
    ),
    cacheInfo: readOnly(
      attribute(12, struct(8, { users: header(0, u32), age: header(4, i32, { optional: true }) }))
    )
  },
  { headerSize: 12, what: 'a route' }
)

/** Every type and every field of the schema language at once. */
export const everything = record(
  {
    byte: header(0, u8),
    signedByte: header(1, i8, { absent: 0 }),
    port: header(2, be16),
    word: header(4, u32, { default: () => 7 }),
    hidden: header(8, u16, { hidden: true, default: () => 0xabcd }),
    enabled: headerBit(12, 4, { changeOffset: 16 }),
    dormant: headerBit(12, 8),
    late: header(20, u32, { optional: true }),
    name: attribute(1, interfaceName),
    alias: attribute(2, text(20), { clear: '' }),
    mac: attribute(3, mac),
    v4: attribute(4, ipv4),
    v6: attribute(5, ipv6),
    either: attribute(6, ip),
    signed: attribute(7, i32),
    big: attribute(8, u64),
    network: attribute(9, be32),
    network64: attribute(10, be64),
    yes: attribute(11, bool8),
    no: attribute(12, bool32),
    raw: attribute(13, bytes(1, 9)),
    there: attribute(14, presence),
    delay: attribute(15, scaled(u32, 100, 'seconds')),
    kind: attribute(16, enumeration(u16, { one: 1, two: 2 })),
    bits: attribute(17, flags(u16, { low: 1, high: 0x8000 })),
    options: attribute(18, toggles(u32, { fast: 1, safe: 2 })),
    numbers: attribute(19, packed(u16)),
    names: attribute(20, list(text(10), 3)),
    indexed: attribute(21, list(u32)),
    more: repeated(22, text(10)),
    left: attributeBit(23, 1, { masked: true, headerSize: 24 }),
    right: attributeBit(23, 2, { masked: true, headerSize: 24 }),
    nested: attribute(
      24,
      record({ id: required(attribute(1, u32)), inner: attribute(2, record({ deep: attribute(1, u8) })) })
    ),
    structure: attribute(25, struct(6, { a: header(0, u32), b: header(4, u16, { optional: true }) })),
    secret: writeOnly(attribute(26, u32)),
    operational: readOnly(attribute(27, u8)),
    port16: attribute(28, be16.within({ min: 1 }))
  },
  { headerSize: 24 }
)

/** A kind and its data, whose schema the kind decides: a field that an author writes by hand. */
const dataTypes = { veth: record({ queues: attribute(1, u32) }), vlan: record({ id: attribute(1, u16) }) }

const data: Field<Record<string, unknown>, Record<string, unknown>> = {
  types: [2],
  write(writer, value, _base, source) {
    const type = dataTypes[source['kind'] as keyof typeof dataTypes] as Type<unknown, unknown>
    const start = writer.beginAttribute(2 | 0x8000)
    type.write(writer, value)
    writer.endAttribute(start)
  },
  readAttribute(target, key, source, offset, length, _type, options) {
    const type = dataTypes[target['kind'] as keyof typeof dataTypes] as Type<unknown, unknown> | undefined
    if (type === undefined) return false
    target[key] = type.read(source, offset, length, options)
    return true
  }
}

export const union = record({ kind: attribute(1, text(16)), data })

/** What `type` writes for `value`. */
export function encode<In>(type: Type<unknown, In>, value: NoInfer<In>): Uint8Array {
  const writer = new Writer(16)
  type.write(writer, value)
  return writer.written().slice()
}

/** What `type` reads from all of `bytes`. */
export function decode<Out>(type: Type<Out, never>, bytes: Uint8Array, options?: { bigint?: boolean }): Out {
  return type.read(bytes, 0, bytes.length, options)
}

export const hex = (source: Uint8Array): string => Buffer.from(source).toString('hex')
export const fromHex = (source: string): Uint8Array =>
  new Uint8Array(Buffer.from(source.replace(/\s+/g, ''), 'hex'))

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined })
export const u8s = fc.integer({ min: 0, max: 0xff })
export const u16s = fc.integer({ min: 0, max: 0xffff })
export const u32s = fc.oneof(
  fc.integer({ min: 0, max: 0xffffffff }),
  fc.constantFrom(0, 1, 0x7fffffff, 0x80000000, 0xffffffff)
)
export const ipv4s = fc.tuple(u8s, u8s, u8s, u8s).map((octets) => octets.join('.'))
export const macs = fc
  .array(u8s, { minLength: 6, maxLength: 6 })
  .map((octets) => octets.map((o) => o.toString(16).padStart(2, '0')).join(':'))
export const ipv6s = fc.oneof(
  fc.ipV6().filter((text) => !text.includes('%')),
  fc
    .array(fc.oneof(fc.constant(0), u16s), { minLength: 8, maxLength: 8 })
    .map((groups) => groups.map((g) => g.toString(16)).join(':'))
)
const names = fc.string({ unit: fc.constantFrom(...'abcxyz019-_.'), minLength: 3, maxLength: 15 })
const shortTexts = fc
  .string({ unit: 'grapheme', maxLength: 8 })
  .filter((s) => Buffer.byteLength(s) <= 10 && !s.includes('\0'))

const prefix4 = fc.tuple(u32s, fc.integer({ min: 0, max: 32 })).map(([address, length]) => {
  const masked = length === 0 ? 0 : (address & (-1 << (32 - length))) >>> 0
  return `${masked >>> 24}.${(masked >>> 16) & 255}.${(masked >>> 8) & 255}.${masked & 255}/${length}`
})
const prefix6 = fc
  .tuple(u16s, fc.integer({ min: 16, max: 128 }))
  .map(([group, length]) => `${group.toString(16)}::/${length}`)

/** Objects that `route` writes, of one family each. */
export const routes = fc.constantFrom<'inet' | 'inet6'>('inet', 'inet6').chain((family) =>
  fc.record({
    family: maybe(fc.constant(family)),
    destination: maybe(fc.oneof(fc.constant('default'), family === 'inet' ? prefix4 : prefix6)),
    source: maybe(family === 'inet' ? prefix4 : prefix6),
    tos: maybe(u8s),
    table: maybe(fc.oneof(fc.constantFrom<'main' | 'local'>('main', 'local'), u8s)),
    protocol: maybe(fc.oneof(fc.constant('static' as const), u8s)),
    scope: maybe(fc.constantFrom<'link' | 'host'>('link', 'host')),
    type: maybe(fc.constantFrom<'unicast' | 'blackhole'>('unicast', 'blackhole')),
    flags: maybe(fc.subarray<'dead' | 'onlink' | number>(['dead', 'onlink', 0x8000, 0x80000000])),
    inputLink: maybe(fc.integer({ min: 1, max: 0xffffffff })),
    link: maybe(fc.integer({ min: 1, max: 0xffffffff })),
    gateway: maybe(family === 'inet' ? ipv4s : ipv6s),
    priority: maybe(u32s),
    preferredSource: maybe(fc.oneof(ipv4s, ipv6s)),
    metrics: maybe(fc.record({ mtu: maybe(u32s), window: maybe(u32s) })),
    nextHops: maybe(fc.array(fc.record({ link: u32s, gateway: maybe(ipv4s) }), { maxLength: 4 }))
  })
)

const unknowns = fc.array(
  fc.record({ type: fc.integer({ min: 100, max: 0x3fff }), bytes: fc.uint8Array({ maxLength: 9 }) }),
  { minLength: 1, maxLength: 3 }
)

/** Objects that `everything` writes. */
export const everythings = fc.record({
  byte: maybe(u8s),
  signedByte: maybe(fc.integer({ min: -128, max: 127 })),
  port: maybe(u16s),
  word: maybe(u32s),
  hidden: maybe(u16s),
  enabled: maybe(fc.boolean()),
  dormant: maybe(fc.boolean()),
  late: maybe(u32s),
  name: maybe(names),
  alias: maybe(fc.oneof(shortTexts, fc.constant(null))),
  mac: maybe(macs),
  v4: maybe(ipv4s),
  v6: maybe(ipv6s),
  either: maybe(fc.oneof(ipv4s, ipv6s)),
  signed: maybe(fc.integer()),
  big: maybe(
    fc.oneof(
      fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
      fc.bigInt({ min: 0n, max: (1n << 64n) - 1n })
    )
  ),
  network: maybe(u32s),
  network64: maybe(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n })),
  yes: maybe(fc.boolean()),
  no: maybe(fc.boolean()),
  raw: maybe(fc.uint8Array({ minLength: 1, maxLength: 9 })),
  there: maybe(fc.boolean()),
  delay: maybe(fc.double({ min: 0, max: 42949672.95, noNaN: true })),
  kind: maybe(fc.oneof(fc.constantFrom<'one' | 'two'>('one', 'two'), u16s)),
  bits: maybe(fc.subarray<'low' | 'high' | number>(['low', 'high', 0x100])),
  options: maybe(fc.record({ fast: maybe(fc.boolean()), safe: maybe(fc.boolean()) })),
  numbers: maybe(fc.array(u16s, { maxLength: 5 })),
  names: maybe(fc.array(shortTexts, { maxLength: 3 })),
  indexed: maybe(fc.array(u32s, { maxLength: 3 })),
  more: maybe(fc.array(shortTexts, { minLength: 1, maxLength: 3 })),
  left: maybe(fc.boolean()),
  right: maybe(fc.boolean()),
  nested: maybe(fc.record({ id: u32s, inner: maybe(fc.record({ deep: maybe(u8s) })) })),
  structure: maybe(fc.record({ a: maybe(u32s), b: maybe(u16s) })),
  secret: maybe(u32s),
  port16: maybe(fc.integer({ min: 1, max: 0xffff })),
  unknown: maybe(unknowns)
})
