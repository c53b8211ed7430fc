import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  attribute,
  attributeBit,
  flags,
  header,
  headerBit,
  record,
  toggles,
  u32,
  u8,
  type InputOf,
  type OutputOf
} from '../../../src/codec/index.js'
import { decode, encode, fromHex, hex } from './schemas.js'

const link = record(
  {
    flags: header(0, flags(u32, { running: 0x40 })),
    up: headerBit(0, 1, { changeOffset: 4 }),
    multicast: headerBit(0, 0x1000, { changeOffset: 4 }),
    tiny: headerBit(8, 0x80, { type: u8 })
  },
  { headerSize: 12 }
)

describe('headerBit', () => {
  it('sets its bit, and the bit of the mask', () => {
    expect(hex(encode(link, { up: true }))).toBe('010000000100000000000000')
    expect(hex(encode(link, { up: false }))).toBe('000000000100000000000000')
    expect(hex(encode(link, { flags: ['running', 1], up: false, multicast: true, tiny: true }))).toBe(
      '401000000110000080000000'
    )
    expect(hex(encode(link, {}))).toBe('000000000000000000000000')
  })

  it('is always read', () => {
    expect(decode(link, fromHex('01000000 00000000 00000000'))).toEqual({
      flags: [1],
      up: true,
      multicast: false,
      tiny: false
    })
    expectTypeOf<OutputOf<typeof link>['up']>().toEqualTypeOf<boolean>()
  })

  it('refuses what is no boolean', () => {
    expect(() => encode(link, { up: 1 as unknown as boolean })).toThrow('up must be true or false; got 1')
  })
})

const vlan = record({
  id: attribute(1, u32),
  gvrp: attributeBit(2, 2, { masked: true }),
  reorder: attributeBit(2, 1, { masked: true }),
  plain: attributeBit(3, 4, { type: u8 }),
  other: attributeBit(3, 8, { type: u8 })
})

describe('attributeBit', () => {
  it('shares one attribute', () => {
    expect(hex(encode(vlan, { gvrp: true }))).toBe('0c0002000200000002000000')
    expect(hex(encode(vlan, { id: 5, gvrp: false, reorder: true, plain: true, other: true }))).toBe(
      '0800010005000000' + '0c0002000100000003000000' + '050003000c000000'
    )
  })

  it('reads one property for each bit, also from an attribute without a mask', () => {
    expect(decode(vlan, fromHex('0c0002000200000003000000'))).toEqual({ gvrp: true, reorder: false })
    expect(decode(vlan, fromHex('0800020001000000'))).toEqual({ gvrp: false, reorder: true })
    expect(decode(vlan, fromHex('0600020001000000'))).toEqual({
      unknown: [{ type: 2, bytes: fromHex('0100') }]
    })
  })

  it('reads what it wrote', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean(), (gvrp, reorder, plain, other) => {
        const value = { gvrp, reorder, plain, other }
        expect(decode(vlan, encode(vlan, value))).toEqual(value)
      })
    )
  })

  it('refuses what is no boolean', () => {
    expect(() => encode(vlan, { gvrp: 'on' as unknown as boolean })).toThrow(
      'gvrp must be true or false; got "on"'
    )
  })
})

describe('toggles', () => {
  const options = toggles(u32, { noLocal: 1, mst: 2 })

  it('writes a value and a mask', () => {
    expect(hex(encode(options, { mst: true }))).toBe('0200000002000000')
    expect(hex(encode(options, { mst: true, noLocal: false }))).toBe('0200000003000000')
    expect(hex(encode(options, { mst: undefined }))).toBe('0000000000000000')
  })

  it('reads all', () => {
    expect(decode(options, fromHex('0200000000000000'))).toEqual({ noLocal: false, mst: true })
    expectTypeOf<OutputOf<typeof options>>().toEqualTypeOf<{ noLocal: boolean; mst: boolean }>()
    expectTypeOf<InputOf<typeof options>['mst']>().toEqualTypeOf<boolean | undefined>()
  })

  it('refuses other keys and values', () => {
    expect(() => encode(options, { nothing: true } as object)).toThrow(
      'an object of booleans out of noLocal, mst'
    )
    expect(() => encode(options, { mst: 1 as unknown as boolean })).toThrow(
      'mst must be true or false; got 1'
    )
    expect(() => encode(options, [] as object)).toThrow(TypeError)
  })
})
