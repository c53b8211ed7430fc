import fc from 'fast-check'
import { execFileSync } from 'node:child_process'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import * as codec from '../../../src/codec/index.js'
import { compile, isInvalid, Writer, type ReadOptions, type Type } from '../../../src/codec/index.js'
import { decode, encode, everything, everythings, fromHex, route, routes, union } from './schemas.js'

type AnyType = Type<unknown, unknown>

const compiled = new Map<AnyType, AnyType>()

function compiledFormOf(type: AnyType): AnyType {
  let form = compiled.get(type)
  if (form === undefined) compiled.set(type, (form = compile(type, { after: 0 })))
  return form
}

/** What writing gives: bytes, or everything about the error. */
function outcome(type: AnyType, value: unknown, before: number): unknown {
  const writer = new Writer(16)
  for (let i = 0; i < before; i++) writer.u32(0xffffffff)
  try {
    type.write(writer, value)
    const written = [...writer.written()]
    return { written, clean: writer.bytes.subarray(writer.position).every((byte) => byte === 0) }
  } catch (error) {
    writer.truncate(before * 4)
    const clean = writer.bytes.subarray(before * 4).every((byte) => byte === 0)
    if (!isInvalid(error)) return { error: String(error), clean }
    const { name, message, code, field, expected } = error
    return { name, message, code, field, expected, value: error.value, clean }
  }
}

/** `toStrictEqual`, which is slow, only says what differs. */
function expectSame(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toStrictEqual(expected)
}

function expectSameWriting(type: AnyType, value: unknown, before = 0): void {
  const actual = outcome(compiledFormOf(type), value, before)
  expectSame(actual, outcome(type, value, before))
  expect((actual as { clean: boolean }).clean).toBe(true)
}

function expectSameReading(type: AnyType, bytes: Uint8Array, options?: ReadOptions): void {
  const padded = new Uint8Array([9, 9, 9, ...bytes, 0xff, 0xff, 0xff, 0xff])
  const expected = type.read(padded, 3, bytes.length, options)
  const actual = compiledFormOf(type).read(padded, 3, bytes.length, options)
  expectSame(actual, expected)
  expectSame(Object.keys(actual as object), Object.keys(expected as object))
}

const route_ = route as AnyType
const everything_ = everything as AnyType
const union_ = union as AnyType

describe('compiled records', { timeout: 60_000 }, () => {
  it('write the same bytes', () => {
    fc.assert(
      fc.property(routes, fc.nat(5), (value, before) => expectSameWriting(route_, value, before)),
      { numRuns: 400 }
    )
    fc.assert(
      fc.property(everythings, fc.nat(5), (value, before) => expectSameWriting(everything_, value, before)),
      {
        numRuns: 400
      }
    )
    expectSameWriting(union_, { kind: 'vlan', data: { id: 1 } })
  })

  it('read the same objects', () => {
    fc.assert(
      fc.property(routes, (value) => expectSameReading(route_, encode(route, value))),
      { numRuns: 300 }
    )
    fc.assert(
      fc.property(everythings, fc.boolean(), (value, bigint) =>
        expectSameReading(everything_, encode(everything, value), { bigint })
      ),
      { numRuns: 300 }
    )
    expectSameReading(union_, encode(union, { kind: 'vlan', data: { id: 1 } }))
  })

  it('read the same from bytes of any kind', () => {
    for (const type of [route_, everything_, union_]) {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => expectSameReading(type, bytes)),
        { numRuns: 300 }
      )
    }
    fc.assert(
      fc.property(
        fc.oneof(
          routes.map((value) => ({ type: route_, bytes: encode(route, value) })),
          everythings.map((value) => ({ type: everything_, bytes: encode(everything, value) }))
        ),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
        fc.nat(),
        ({ type, bytes }, edits, cut) => {
          for (const [at, value] of edits) bytes[at % bytes.length] = value
          expectSameReading(type, bytes)
          expectSameReading(type, bytes.slice(0, cut % (bytes.length + 1)))
        }
      ),
      { numRuns: 400 }
    )
  })

  it('refuse the same, with the same errors, and leave the writer as clean', () => {
    const anything = fc.anything({ withBigInt: true, withNullPrototype: true, withTypedArray: true })
    for (const [type, good] of [
      [route_, routes],
      [everything_, everythings]
    ] as const) {
      const keys = [...Object.keys((type as unknown as typeof route).fields), 'unknown', 'nothing']
      fc.assert(
        fc.property(
          good,
          fc.array(fc.tuple(fc.constantFrom(...keys), anything), { minLength: 1, maxLength: 2 }),
          (value, edits) => {
            expectSameWriting(type, { ...value, ...Object.fromEntries(edits) })
          }
        ),
        { numRuns: 400 }
      )
      fc.assert(fc.property(anything, (value) => expectSameWriting(type, value)))
    }
  })

  it('clear with null, whatever the type', () => {
    const names = codec.enumeration(codec.u8, { none: 0, some: 1 })
    const type = codec.record({
      name: codec.attribute(1, names, { clear: 'none' }),
      bits: codec.attribute(2, codec.flags(codec.u8, { one: 1 }), { clear: [] }),
      text: codec.attribute(3, codec.text(9), { clear: '' }),
      not: codec.attribute(4, names)
    }) as AnyType
    for (const key of ['name', 'bits', 'text', 'not']) expectSameWriting(type, { [key]: null })
  })

  it('refuse unknown keys whatever else there is', () => {
    expectSameWriting(route_, { gatway: 1 })
    expectSameWriting(route_, { gateway: undefined, gatway: undefined })
    expectSameWriting(route_, { gateway: 'bad', gatway: 1 })
    expectSameWriting(route_, { cacheInfo: {}, link: 1 })
    expectSameWriting(route_, Object.create({ inherited: 1 }))
    expectSameWriting(route_, Object.create({ link: 1 }))
    expectSameWriting(route_, Object.assign(Object.create(null), { link: 1 }))
    expectSameWriting(route_, Object.defineProperty({}, 'link', { value: 1, enumerable: false }))
  })

  it('give plain objects', () => {
    const read = decode(compiledFormOf(route_), encode(route, { link: 1 }))
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype)
  })

  it('keep what the schema says of itself', () => {
    const form = compile(route)
    expect(form.keyOf(5)).toBe('gateway')
    expect(form.fields).toBe(route.fields)
    expect(form.headerSize).toBe(12)
    const bytes = encode(route, { gateway: '10.0.0.1' })
    expect(form.locate(bytes, 0, bytes.length, 14)).toBe('gateway')
  })

  it('compile after a number of objects, reading and writing apart', () => {
    const small = codec.record({ link: codec.attribute(4, codec.u32) })
    const form = compile(small, { after: 3 })
    const kept = { ...form }
    for (let i = 1; i <= 6; i++) {
      expect(decode(form, encode(form, { link: i }))).toEqual({ link: i })
      expect(Object.entries(kept).every(([key, value]) => form[key as keyof typeof form] === value)).toBe(
        i < 4
      )
    }
    // What someone kept from before goes on working.
    const writer = new Writer()
    kept.write(writer, { link: 7 })
    expect(kept.read(writer.written(), 0, writer.position)).toEqual({ link: 7 })
  })

  it('can be compiled again, and lie below others', () => {
    const inner = compile(codec.record({ id: codec.attribute(1, codec.u32) }))
    const outer = codec.record({
      inner: codec.attribute(1, inner),
      many: codec.attribute(2, codec.list(inner))
    }) as AnyType
    expectSameWriting(outer, { inner: { id: 7 }, many: [{ id: 8 }, { id: 9 }] })
    expectSameWriting(outer, { many: [{ id: 8 }, { id: -9 }] })
    expectSameReading(outer, outer && encode(outer, { inner: { id: 7 }, many: [{ id: 8 }] }))
    expect(encode(compile(compile(inner), { after: 0 }), { id: 5 })).toEqual(encode(inner, { id: 5 }))
  })

  it('call what an author has put in place of a method', () => {
    const doubled: Type<number> = { ...codec.u32, write: (writer, value) => writer.u32(value * 2) }
    const field = codec.attribute(2, codec.u32)
    const loud = {
      ...field,
      readAttribute: (target: Record<string, unknown>, key: string) => ((target[key] = 'loud'), true)
    }
    const type = codec.record({
      doubled: codec.attribute(1, doubled),
      loud,
      slot: codec.attribute(3, codec.u8)
    }) as AnyType
    expectSameWriting(type, { doubled: 4, loud: 1 })
    expectSameReading(type, fromHex('0800010008000000 0800020001000000'))
    expect(compiledFormOf(type).read(fromHex('0800020001000000'), 0, 8)).toEqual({ loud: 'loud' })
  })

  it('refuses what no schema made', () => {
    expect(() => compile(codec.u32)).toThrow('only what record() or struct() made can be compiled')
    expect(() => compile({ ...route, write: () => undefined })).toThrow(TypeError)
  })
})

const scalars: readonly (readonly [AnyType, fc.Arbitrary<unknown>])[] = (
  [
    codec.u8,
    codec.i8,
    codec.u16,
    codec.be16,
    codec.u32,
    codec.i32,
    codec.be32,
    codec.u16.within({ min: 68, max: 9000 }),
    codec.i32.within({ min: 1 }),
    codec.i8.within({ min: 0 }),
    codec.bool8,
    codec.bool32,
    codec.u64,
    codec.be64,
    codec.ipv4,
    codec.ipv6,
    codec.fixedText(5),
    codec.centiseconds,
    codec.milliseconds,
    codec.centiseconds64,
    codec.enumeration(codec.u8, { zero: 0, one: 1, uno: 1 }),
    codec.enumeration(codec.be16, { zero: 0, one: 1, many: 0xfffe }),
    codec.enumeration(codec.i8.within({ min: 0 }), { none: 0, one: 1 }),
    codec.enumeration(codec.i32, { minus: -1, one: 1 }),
    codec.flags(codec.u8, { a: 1, b: 2 }),
    codec.flags(codec.be32, { a: 1, b: 0x80000000 }),
    codec.toggles(codec.u16, { a: 1, b: 2 }),
    codec.struct(4, { a: codec.header(0, codec.u16), b: codec.header(2, codec.be16, { optional: true }) })
  ] as unknown as AnyType[]
).map((type) => [type, valuesOf(type)] as const)

const variable: readonly (readonly [AnyType, fc.Arbitrary<unknown>])[] = (
  [
    codec.ip,
    codec.text(6),
    codec.interfaceName,
    codec.alternativeName,
    codec.mac,
    codec.linkLayerAddress,
    codec.bytes(0, 6),
    codec.presence,
    codec.list(codec.u16),
    codec.packed(codec.u16),
    codec.record({ a: codec.attribute(1, codec.u16), b: codec.required(codec.attribute(2, codec.text(3))) })
  ] as unknown as AnyType[]
).map((type) => [type, valuesOf(type)] as const)

/** Mostly values that the type reads, and so writes; some that it refuses. */
function valuesOf(type: AnyType): fc.Arbitrary<unknown> {
  const size = Math.max(type.size, type.minimum ?? 0)
  const read = fc
    .uint8Array({ minLength: size, maxLength: type.size === 0 ? 12 : size })
    .map((bytes) => decode(type, bytes))
  return fc.oneof(
    { weight: 8, arbitrary: read },
    {
      weight: 1,
      arbitrary: fc.constantFrom<unknown>(
        null,
        true,
        false,
        0,
        -1,
        1.5,
        2 ** 32,
        NaN,
        '',
        'one',
        'a',
        '1.2.3.4',
        '::1',
        {},
        []
      )
    }
  )
}

/** Schemas made at random, and values for each property. */
const schemas = fc
  .record({
    attributes: fc.array(
      fc.record({
        type: fc.constantFrom(...scalars, ...variable),
        kind: fc.constantFrom('plain', 'plain', 'readOnly', 'writeOnly', 'required', 'repeated', 'clear')
      }),
      { maxLength: 6 }
    ),
    headers: fc.array(
      fc.record({
        type: fc.constantFrom(...scalars),
        kind: fc.constantFrom('plain', 'plain', 'readOnly', 'default', 'hidden', 'absent', 'optional'),
        gap: fc.nat(2)
      }),
      { maxLength: 5 }
    ),
    bits: fc.boolean(),
    swapped: fc.boolean(),
    flat: fc.boolean()
  })
  .map(({ attributes, headers, bits, swapped, flat }) => {
    const fields: [string, codec.Field<unknown, never>][] = []
    const values: Record<string, fc.Arbitrary<unknown>> = {}
    let offset = 0
    headers.forEach(({ type: [type, value], kind, gap }, i) => {
      const key = `h${i}`
      offset += gap
      const zero = decode(type, new Uint8Array(type.size))
      const options = {
        ...(kind === 'default' || kind === 'hidden' ? { default: () => zero } : {}),
        ...(kind === 'hidden' ? { hidden: true } : {}),
        ...(kind === 'absent' ? { absent: zero } : {}),
        ...(kind === 'optional' ? { optional: true } : {})
      }
      const field = codec.header(offset, type, options)
      fields.push([key, kind === 'readOnly' ? codec.readOnly(field) : field])
      values[key] = value
      offset += type.size
    })
    if (bits) {
      fields.push(['bit', codec.headerBit(offset, 2, { type: codec.u16 })])
      values['bit'] = fc.boolean()
      offset += 2
    }
    if (!flat) {
      attributes.forEach(({ type: [type, value], kind }, i) => {
        const key = `a${i}`
        const number = i + 1
        const plain = codec.attribute(number, type)
        fields.push([
          key,
          kind === 'readOnly'
            ? codec.readOnly(plain)
            : kind === 'writeOnly'
              ? codec.writeOnly(plain)
              : kind === 'required'
                ? codec.required(plain)
                : kind === 'repeated'
                  ? codec.repeated(number, type)
                  : kind === 'clear'
                    ? codec.attribute(number, type, {
                        clear: decode(type, new Uint8Array(Math.max(type.size, type.minimum ?? 0, 1)))
                      })
                    : plain
        ])
        values[key] = kind === 'repeated' ? fc.array(value, { maxLength: 3 }) : value
      })
      if (bits) {
        fields.push(
          ['left', codec.attributeBit(20, 1, { headerSize: offset })],
          ['right', codec.attributeBit(20, 2, { headerSize: offset })]
        )
        values['left'] = values['right'] = fc.boolean()
      }
    }
    const shape = Object.fromEntries(swapped ? fields.reverse() : fields)
    const type = flat ? codec.struct(offset, shape) : codec.record(shape, { headerSize: offset })
    return { type, values: fc.record(values, { requiredKeys: [] }) }
  })
  .chain(({ type, values }) => fc.tuple(fc.constant(type), fc.array(values, { minLength: 1, maxLength: 4 })))

describe('schemas made at random', { timeout: 60_000 }, () => {
  it('are the same compiled', () => {
    fc.assert(
      fc.property(
        schemas,
        fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 3 }),
        ([type, values], payloads) => {
          for (const value of values) {
            expectSameWriting(type, value)
            try {
              expectSameReading(type, encode(type, value))
            } catch (error) {
              if (!isInvalid(error)) throw error
            }
          }
          for (const bytes of payloads) expectSameReading(type, bytes)
        }
      ),
      { numRuns: 400 }
    )
  }, 60_000)
})

describe('without code generation', () => {
  it('goes on interpreting', () => {
    const program = `
      import { compile, record, attribute, u32, Writer } from './src/codec/index.ts'
      const type = compile(record({ link: attribute(4, u32) }), { after: 0 })
      const writer = new Writer()
      for (let i = 0; i < 3; i++) type.write(writer, { link: i })
      let refused = false
      try { new Function('') } catch { refused = true }
      console.log(JSON.stringify([refused, type.read(writer.written(), 16, 8)]))
    `
    const output = execFileSync(
      process.execPath,
      ['--import', 'tsx', '--disallow-code-generation-from-strings', '--input-type=module', '-e', program],
      { cwd: new URL('../../..', import.meta.url), encoding: 'utf8' }
    )
    expect(JSON.parse(output)).toEqual([true, { link: 2 }])
  }, 60_000)
})
