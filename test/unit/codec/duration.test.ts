import { describe, expect, it } from 'vitest'
import { centiseconds, centiseconds64, milliseconds } from '../../../src/codec/index.js'
import { decode, encode, hex } from './schemas.js'

describe('durations', () => {
  it('are seconds in any unit of the kernel', () => {
    expect(hex(encode(centiseconds, 15))).toBe('dc050000')
    expect(hex(encode(milliseconds, 1.5))).toBe('dc050000')
    expect(hex(encode(centiseconds64, 300))).toBe('3075000000000000')
    for (const type of [centiseconds, milliseconds, centiseconds64]) {
      for (const value of [0, 0.25, 2, 86400]) expect(decode(type, encode(type, value))).toBe(value)
      for (const value of [-1, NaN, Infinity, 1e15]) expect(() => encode(type, value)).toThrow(RangeError)
      expect(() => encode(type, '2s' as unknown as number)).toThrow(TypeError)
    }
  })
})
