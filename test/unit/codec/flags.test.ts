import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { flags, u16, u32, type OutputOf } from '../../../src/codec/index.js'
import { decode, encode, hex, u32s } from './schemas.js'

const linkFlags = flags(u32, { up: 1, broadcast: 2, dead: 0x80000000 })

describe('flags', () => {
  it('are names, and numbers where a bit has none', () => {
    expect(hex(encode(linkFlags, ['up', 'dead']))).toBe('01000080')
    expect(hex(encode(linkFlags, ['broadcast', 0x100]))).toBe('02010000')
    expect(hex(encode(linkFlags, []))).toBe('00000000')
    expect(decode(linkFlags, new Uint8Array([3, 1, 0, 0x80]))).toEqual(['up', 'broadcast', 'dead', 0x100])
  })

  it('reads any number, and writes it back', () => {
    fc.assert(
      fc.property(u32s, (mask) => {
        expect(linkFlags.maskOf(linkFlags.namesOf(mask))).toBe(mask)
      })
    )
  })

  it('refuses what is no flag', () => {
    expect(() => encode(linkFlags, ['down' as 'up'])).toThrow(
      'an array of flags out of "up", "broadcast", "dead"; got "down"'
    )
    expect(() => encode(linkFlags, 'up' as unknown as ['up'])).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' })
    )
    for (const bit of [-1, 0.5, 0x1_0000_0000, NaN]) expect(() => encode(linkFlags, [bit])).toThrow(TypeError)
    expect(() => encode(flags(u16, {}), [0x10000])).toThrow(TypeError)
  })

  it('has its names as types', () => {
    expectTypeOf<OutputOf<typeof linkFlags>>().toEqualTypeOf<
      readonly ('up' | 'broadcast' | 'dead' | number)[]
    >()
  })
})
