import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Type } from '../../../src/codec/index.js'
import * as codec from '../../../src/codec/index.js'
import { encode, everything, everythings, route, routes, union } from './schemas.js'

type Reader = Pick<Type<unknown>, 'read' | 'size' | 'minimum'>

const scalars: Record<string, Reader> = {
  u8: codec.u8,
  i8: codec.i8,
  u16: codec.u16,
  be16: codec.be16,
  u32: codec.u32,
  i32: codec.i32,
  be32: codec.be32,
  u64: codec.u64,
  be64: codec.be64,
  bool8: codec.bool8,
  bool32: codec.bool32,
  ipv4: codec.ipv4,
  ipv6: codec.ipv6,
  ip: codec.ip,
  mac: codec.mac,
  linkLayerAddress: codec.linkLayerAddress,
  text: codec.text(15),
  fixedText: codec.fixedText(16),
  interfaceName: codec.interfaceName,
  alternativeName: codec.alternativeName,
  bytes: codec.bytes(),
  presence: codec.presence,
  centiseconds: codec.centiseconds,
  centiseconds64: codec.centiseconds64,
  milliseconds: codec.milliseconds,
  enumeration: codec.enumeration(codec.u16, { one: 1 }),
  flags: codec.flags(codec.u32, { one: 1 }),
  toggles: codec.toggles(codec.u32, { one: 1 }),
  list: codec.list(codec.text(10)),
  packed: codec.packed(codec.u32)
}

const records: Record<string, Reader & { locate?: Type<unknown>['locate'] }> = { route, everything, union }

/** What surrounds a payload must not be seen: it is read twice, amid different bytes. */
function readTwice(type: Reader, payload: Uint8Array): void {
  const results = [0x00, 0xff].map((filler) => {
    const buffer = new Uint8Array(payload.length + 64).fill(filler)
    buffer.set(payload, 32)
    return type.read(buffer, 32, payload.length)
  })
  expect(results[0]).toEqual(results[1])
  // An exact buffer, so that nothing can be read past its end without giving NaN or undefined.
  expect(type.read(payload, 0, payload.length)).toEqual(results[0])
}

const atLeast = (type: Reader): number => type.minimum ?? type.size

describe('reading bytes of any kind', () => {
  it.each(Object.entries(scalars))('%s: never throws nor looks outside', (_name, type) => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: atLeast(type), maxLength: 40 }), (payload) =>
        readTwice(type, payload)
      )
    )
  })

  it.each(Object.entries(records))('%s: random bytes', (_name, type) => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 120 }), (payload) => readTwice(type, payload)))
  })

  const attributes = fc
    .array(
      fc.tuple(
        fc.integer({ min: 0, max: 30 }),
        fc.constantFrom(0, 0x4000, 0x8000),
        fc.uint8Array({ maxLength: 24 }),
        fc.integer({ min: -3, max: 3 })
      ),
      {
        maxLength: 8
      }
    )
    .map((items) => {
      const bytes: number[] = []
      for (const [type, flag, payload, lie] of items) {
        const length = Math.max(0, payload.length + 4 + (lie > 1 ? lie : 0))
        bytes.push(length & 0xff, length >> 8, type, flag >> 8, ...payload)
        while (bytes.length % 4 !== 0) bytes.push(0)
      }
      return bytes
    })

  it.each(Object.entries(records))('%s: attributes of random payloads and lengths', (_name, type) => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: type.size, maxLength: type.size }), attributes, (header, tail) =>
        readTwice(type, new Uint8Array([...header, ...tail]))
      ),
      { numRuns: 500 }
    )
  })

  const messages = fc.oneof(
    routes.map((value) => ({
      type: route,
      bytes: encode(route, value)
    })),
    everythings.map((value) => ({
      type: everything,
      bytes: encode(everything, value)
    }))
  )

  it('messages with bytes changed', () => {
    fc.assert(
      fc.property(
        messages,
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 8 }),
        ({ type, bytes }, edits) => {
          for (const [at, value] of edits) bytes[at % bytes.length] = value
          readTwice(type, bytes)
        }
      ),
      { numRuns: 500 }
    )
  })

  it('messages cut at every byte', () => {
    fc.assert(
      fc.property(messages, ({ type, bytes }) => {
        for (let length = 0; length < bytes.length; length++) readTwice(type, bytes.slice(0, length))
      }),
      { numRuns: 50 }
    )
  })
})

describe('writing values of any kind', () => {
  const anything = fc.anything({
    withBigInt: true,
    withNullPrototype: true,
    withTypedArray: true,
    withDate: true,
    withSparseArray: true
  })
  const keys = Object.keys(everything.fields)

  it.each([
    ['everything', everything, keys],
    ['route', route, Object.keys(route.fields)]
  ] as const)('%s: is either taken or refused by path, and never crashes', (_name, type, names) => {
    fc.assert(
      fc.property(fc.constantFrom(...names), anything, (key, value) => {
        try {
          encode(type as Type<unknown, unknown>, { [key]: value })
        } catch (error) {
          expect(codec.isInvalid(error)).toBe(true)
          expect((error as codec.Invalid).field.startsWith(key)).toBe(true)
        }
      }),
      { numRuns: 3000 }
    )
  })
})
