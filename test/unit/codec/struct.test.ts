import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  attribute,
  fixedText,
  header,
  ip,
  ipv6,
  packed,
  record,
  struct,
  text,
  u16,
  u32,
  u64,
  u8,
  type InputOf,
  type OutputOf
} from '../../../src/codec/index.js'
import { decode, encode, fromHex, hex, u16s, u32s, u8s } from './schemas.js'

const point = struct(7, { x: header(0, u32), y: header(4, u16), late: header(6, u8, { optional: true }) })

describe('struct', () => {
  it('has fixed slots and nothing else', () => {
    expect(hex(encode(point, { x: 1, y: 2, late: 3 }))).toBe('01000000' + '0200' + '03')
    expect(hex(encode(point, { y: 2 }))).toBe('00000000' + '0200' + '00')
    expectTypeOf<OutputOf<typeof point>>().branded.toEqualTypeOf<{ x: number; y: number; late?: number }>()
    expectTypeOf<InputOf<typeof point>>().branded.toEqualTypeOf<{
      x?: number | undefined
      y?: number | undefined
      late?: number | undefined
    }>()
  })

  it('reads what it wrote', () => {
    fc.assert(
      fc.property(fc.record({ x: u32s, y: u16s, late: u8s }), (value) => {
        expect(decode(point, encode(point, value))).toEqual(value)
      })
    )
  })

  it('reads a longer one as far as it is known, and a shorter one as far as it goes', () => {
    expect(decode(point, fromHex('01000000 0200 03 ffffffffff'))).toEqual({ x: 1, y: 2, late: 3 })
    expect(decode(point, fromHex('01000000 0200'))).toEqual({ x: 1, y: 2 })
    expect(decode(point, fromHex('01000000'))).toEqual({ x: 1, y: 0 })
    const holder = record({
      at: attribute(1, point),
      strict: attribute(2, struct(8, { n: header(0, u64) }, { minimum: 8 }))
    })
    expect(decode(holder, fromHex('0800010001000000'))).toEqual({ at: { x: 1, y: 0 } })
    expect(decode(holder, fromHex('0800020001000000')).strict).toBeUndefined()
    expect(decode(holder, fromHex('0400010000000000')).at).toBeUndefined()
  })

  it('refuses unknown keys, unknown attributes among them', () => {
    expect(() => encode(point, { z: 1 } as object)).toThrow(
      'z must be no key of this object; its keys are x, y, late; got 1'
    )
    expect(() => encode(point, { unknown: [] } as object)).toThrow(
      expect.objectContaining({ code: 'ERR_UNKNOWN_FIELD' })
    )
    expect(() => encode(struct(1, {}, { what: 'a point' }), 1)).toThrow('a point; got 1')
  })

  it('takes only types of a fixed size', () => {
    expect(() => header(0, ip)).toThrow('only a type of a fixed size fits in a slot of a header')
    expect(() => header(0, text(15))).toThrow(TypeError)
  })

  it('packs, nests and lies in slots of others', () => {
    expect(hex(encode(packed(point), [{ x: 1 }, { y: 2 }]))).toBe('01000000000000' + '00000000020000')
    expect(decode(packed(point), fromHex('01000000000000 00000000020000 05'))).toEqual([
      { x: 1, y: 0, late: 0 },
      { x: 0, y: 2, late: 0 }
    ])
    const outer = struct(12, { name: header(1, fixedText(4)), at: header(5, point) })
    const value = { name: 'abc', at: { x: 0x01020304, y: 5, late: 6 } }
    expect(hex(encode(outer, value))).toBe('00' + '61626300' + '04030201' + '0500' + '06')
    expect(decode(outer, encode(outer, value))).toEqual(value)
    expect(() => encode(outer, { at: { x: -1 } })).toThrow('at.x must be')
    expect(() => encode(outer, { name: 'abcd' })).toThrow('name must be a string of at most 3 bytes')
  })

  it('leaves its neighbours alone when a value is refused', () => {
    const pair = struct(20, { at: header(0, ipv6), tail: header(16, u32) })
    expect(() => encode(pair, { at: '1:2:nonsense', tail: 1 })).toThrow('at must be an IPv6 address')
    expect(hex(encode(pair, { at: 'fd00::1', tail: 1 }))).toBe('fd' + '0'.repeat(28) + '01' + '01000000')
  })
})
