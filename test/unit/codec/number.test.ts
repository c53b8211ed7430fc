import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  be16,
  be32,
  be64,
  bei32,
  bool32,
  bool8,
  i32,
  i8,
  scaled,
  u16,
  u32,
  u64,
  u8,
  type InputOf,
  type NumberType,
  type OutputOf
} from '../../../src/codec/index.js'
import { decode, encode, hex } from './schemas.js'

describe('whole numbers', () => {
  it.each<[NumberType, number, string]>([
    [u8, 0xfe, 'fe'],
    [i8, -2, 'fe'],
    [u16, 0x0102, '0201'],
    [be16, 0x0102, '0102'],
    [u32, 0x01020304, '04030201'],
    [u32, 0xffffffff, 'ffffffff'],
    [i32, -2, 'feffffff'],
    [be32, 0xf1020304, 'f1020304'],
    [bei32, -300, 'fffffed4']
  ])('%#: lays out its bytes', (type, value, bytes) => {
    expect(hex(encode(type, value))).toBe(bytes)
    expect(decode(type, encode(type, value))).toBe(value)
  })

  it.each([u8, i8, u16, be16, u32, i32, be32, bei32])('%#: reads what it wrote', (type) => {
    fc.assert(
      fc.property(fc.integer({ min: type.min, max: type.max }), (value) => {
        expect(decode(type, encode(type, value))).toBe(value)
      })
    )
  })

  it.each([u8, i8, u16, be16, u32, i32, be32, bei32])('%#: refuses what does not fit', (type) => {
    for (const value of [type.min - 1, type.max + 1, 0.5, NaN, Infinity]) {
      expect(() => encode(type, value)).toThrow(RangeError)
    }
    for (const value of ['1', null, 1n, {}, true])
      expect(() => encode(type, value as number)).toThrow(TypeError)
  })

  it('narrows', () => {
    const mtu = u16.within({ min: 68 })
    expect(() => encode(mtu, 67)).toThrow('a whole number from 68 to 65535; got 67')
    expect(hex(encode(mtu, 68))).toBe('4400')
    // What the kernel says is not judged.
    expect(decode(mtu, new Uint8Array([1, 0]))).toBe(1)
  })
})

describe('64-bit numbers', () => {
  it.each([
    [u64, 'efcdab8967452301'],
    [be64, '0123456789abcdef']
  ])('%#: lays out its bytes', (type, bytes) => {
    expect(hex(encode(type, 0x0123456789abcdefn))).toBe(bytes)
    expect(decode(type, encode(type, 0x0123456789abcdefn), { bigint: true })).toBe(0x0123456789abcdefn)
  })

  it.each([u64, be64])('%#: is exact as a number to 2^53, and as a bigint to 2^64', (type) => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), (small, large) => {
        expect(decode(type, encode(type, small))).toBe(small)
        expect(encode(type, small)).toEqual(encode(type, BigInt(small)))
        expect(decode(type, encode(type, large), { bigint: true })).toBe(large)
        expect(decode(type, encode(type, large))).toBe(Number(large))
      })
    )
  })

  it.each([u64, be64])('%#: refuses what does not fit', (type) => {
    for (const value of [-1, 2 ** 53, 0.5, NaN, -1n, 1n << 64n])
      expect(() => encode(type, value)).toThrow(RangeError)
    expect(() => encode(type, '1' as unknown as number)).toThrow(TypeError)
  })

  it('has the types of both', () => {
    expectTypeOf<InputOf<typeof u64>>().toEqualTypeOf<number | bigint>()
    expectTypeOf<OutputOf<typeof u64>>().toEqualTypeOf<number>()
  })
})

describe('booleans', () => {
  it('takes one byte or four', () => {
    expect(hex(encode(bool8, true))).toBe('01')
    expect(hex(encode(bool32, true))).toBe('01000000')
    expect(decode(bool8, new Uint8Array([0]))).toBe(false)
    expect(decode(bool32, new Uint8Array([0, 0, 0, 2]))).toBe(true)
    expect(() => encode(bool8, 1 as unknown as boolean)).toThrow('true or false; got 1')
    expect(() => encode(bool32, 'on' as unknown as boolean)).toThrow('true or false; got "on"')
  })
})

describe('scaled', () => {
  const seconds = scaled(u32, 100, 'seconds')

  it('converts between units', () => {
    expect(hex(encode(seconds, 2.5))).toBe('fa000000')
    expect(decode(seconds, encode(seconds, 0.01))).toBe(0.01)
  })

  it('refuses what does not fit', () => {
    expect(() => encode(seconds, -1)).toThrow('a number of seconds from 0 to 42949672.95; got -1')
    expect(() => encode(seconds, 42949673)).toThrow(RangeError)
    expect(() => encode(seconds, NaN)).toThrow(RangeError)
    expect(() => encode(seconds, '1' as unknown as number)).toThrow(TypeError)
  })
})
