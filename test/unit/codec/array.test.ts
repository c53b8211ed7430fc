import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  attribute,
  list,
  packed,
  record,
  repeated,
  required,
  text,
  u16,
  u32,
  u8,
  type InputOf,
  type OutputOf
} from '../../../src/codec/index.js'
import { decode, encode, fromHex, hex, u32s } from './schemas.js'

describe('list', () => {
  it('nests one attribute for each item', () => {
    expect(hex(encode(list(text(10), 3), ['a', 'bcd']))).toBe('0600030061000000' + '0800030062636400')
    expect(hex(encode(list(u8), [7, 8]))).toBe('0500010007000000' + '0500020008000000')
    expect(hex(encode(list(record({ a: attribute(1, u8) })), [{ a: 1 }]))).toBe(
      '0c00018005000100' + '01000000'
    )
    expect(encode(list(u8), []).length).toBe(0)
  })

  it('reads what it wrote', () => {
    fc.assert(
      fc.property(fc.array(u32s), (values) => {
        expect(decode(list(u32), encode(list(u32), values))).toEqual(values)
      })
    )
  })

  it('passes over items that are too short, and stops at a length that is wrong', () => {
    expect(decode(list(u16), fromHex('05000100 01000000 06000200 02000000'))).toEqual([2])
    expect(decode(list(u16), fromHex('06000100 01000000 ff000200 02000000'))).toEqual([1])
    expect(decode(list(u16), fromHex('03000100 01000000'))).toEqual([])
  })

  it('names the index in errors, and in paths', () => {
    const hops = list(record({ link: required(attribute(4, u32)), labels: attribute(5, list(u32)) }))
    expect(() => encode(hops, [{ link: 1 }, { link: -1 }])).toThrow('[1].link must be a whole number')
    expect(() => encode(hops, [{ link: 1, labels: [1, -1] }])).toThrow('[0].labels[1] must be')
    const bytes = encode(hops, [{ link: 1 }, { link: 2, labels: [3, 4] }])
    expect(hops.locate?.(bytes, 0, bytes.length, 0)).toBe('[0]')
    expect(hops.locate?.(bytes, 0, bytes.length, 8)).toBe('[0].link')
    expect(hops.locate?.(bytes, 0, bytes.length, bytes.length - 1)).toBe('[1].labels[1]')
    expect(hops.locate?.(bytes, 0, bytes.length, bytes.length)).toBeUndefined()
    expect(() => encode(hops, {} as [])).toThrow('an array')
  })

  it('refuses an item that does not fit in an attribute', () => {
    expect(() => encode(list(text(100_000)), ['', 'a'.repeat(70_000)])).toThrow(
      '[1] must be at most 65531 bytes on the wire; got 70001'
    )
  })
})

describe('packed', () => {
  it('lays values side by side', () => {
    expect(hex(encode(packed(u16), [1, 0x203]))).toBe('01000302')
    expect(decode(packed(u16), fromHex('0100030204'))).toEqual([1, 0x203])
    expect(() => encode(packed(u16), [1, 65536])).toThrow('[1] must be')
    expect(() => encode(packed(u16), 1 as unknown as [])).toThrow('an array')
    expect(() => packed(text(10))).toThrow('fixed size')
  })
})

describe('repeated', () => {
  const names = record({
    first: attribute(1, u8),
    names: repeated(53, text(10)),
    hops: repeated(54, list(u32))
  })

  it('is one attribute for each item, beside the others', () => {
    expect(hex(encode(names, { first: 1, names: ['a', 'b'] }))).toBe(
      '0500010001000000' + '0600350061000000' + '0600350062000000'
    )
    expect(encode(names, { names: [] }).length).toBe(0)
  })

  it('reads them all, wherever they are', () => {
    expect(decode(names, fromHex('0600350061000000 0500010001000000 0600350062000000'))).toEqual({
      first: 1,
      names: ['a', 'b']
    })
    expect(decode(names, fromHex('0500010001000000'))).toEqual({ first: 1 })
    expectTypeOf<OutputOf<typeof names>['names']>().toEqualTypeOf<string[] | undefined>()
    expectTypeOf<InputOf<typeof names>['names']>().toEqualTypeOf<readonly string[] | undefined>()
  })

  it('names the index in errors, and the property in paths', () => {
    expect(() => encode(names, { names: ['a', 'b'.repeat(11)] })).toThrow('names[1] must be')
    expect(() => encode(names, { names: 'a' as unknown as [] })).toThrow('names must be an array')
    const bytes = encode(names, { names: ['a'], hops: [[1, 2]] })
    expect(names.locate(bytes, 0, bytes.length, 5)).toBe('names')
    expect(names.locate(bytes, 0, bytes.length, bytes.length - 1)).toBe('hops[1]')
  })
})
