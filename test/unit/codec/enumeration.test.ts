import { describe, expect, expectTypeOf, it } from 'vitest'
import { enumeration, u8, type InputOf, type OutputOf } from '../../../src/codec/index.js'
import { decode, encode, hex } from './schemas.js'

const scope = enumeration(u8, { universe: 0, global: 0, link: 253 })

describe('enumerations', () => {
  it('takes names and numbers', () => {
    expect(hex(encode(scope, 'link'))).toBe('fd')
    expect(hex(encode(scope, 'global'))).toBe('00')
    expect(hex(encode(scope, 253))).toBe('fd')
  })

  it('reads the first name of a number, and the number where it has no name', () => {
    expect(decode(scope, new Uint8Array([0]))).toBe('universe')
    expect(decode(scope, new Uint8Array([7]))).toBe(7)
    expect(scope.nameOf(253)).toBe('link')
    expect(scope.numberOf('link')).toBe(253)
    expect(scope.names.link).toBe(253)
  })

  it('refuses other names, numbers and types, and says what is allowed', () => {
    expect(() => encode(scope, 'site' as 'link')).toThrow(
      'one of "universe", "global", "link", or a number from 0 to 255; got "site"'
    )
    expect(() => encode(scope, 'toString' as 'link')).toThrow(TypeError)
    expect(() => encode(scope, 256)).toThrow(RangeError)
    expect(() => encode(scope, -1)).toThrow(RangeError)
    expect(() => encode(scope, true as unknown as number)).toThrow(TypeError)
  })

  it('has its names as types', () => {
    expectTypeOf<InputOf<typeof scope>>().toEqualTypeOf<'universe' | 'global' | 'link' | number>()
    expectTypeOf<OutputOf<typeof scope>>().toEqualTypeOf<'universe' | 'global' | 'link' | number>()
  })
})
