import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  alternativeName,
  fixedText,
  interfaceName,
  isInterfaceName,
  readText,
  text
} from '../../../src/codec/index.js'
import { decode, encode, fromHex, hex } from './schemas.js'

const strings = fc
  .oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }))
  .filter((value) => !/[\0\p{Surrogate}]/u.test(value))

describe('text', () => {
  it('ends with a NUL', () => {
    expect(hex(encode(text(10), 'eth0'))).toBe('6574683000')
    expect(decode(text(10), fromHex('6574683000'))).toBe('eth0')
    expect(decode(text(10), fromHex('65746830'))).toBe('eth0')
    expect(decode(text(10), fromHex('650074'))).toBe('e')
    expect(decode(text(10), new Uint8Array())).toBe('')
  })

  it('reads what it wrote', () => {
    fc.assert(
      fc.property(strings, (value) => {
        expect(decode(text(1000), encode(text(1000), value))).toBe(value)
      })
    )
  })

  it('reads any bytes as TextDecoder does', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const end = bytes.indexOf(0)
        const expected = new TextDecoder('utf-8', { ignoreBOM: true }).decode(
          end < 0 ? bytes : bytes.subarray(0, end)
        )
        expect(readText(bytes, 0, bytes.length)).toBe(expected)
      })
    )
  })

  it('counts bytes, not characters', () => {
    expect(encode(text(4), 'éé').length).toBe(5)
    expect(() => encode(text(4), 'éée')).toThrow(RangeError)
    expect(() => encode(text(4), 'a\0b')).toThrow('without a NUL')
    expect(() => encode(text(4), 7 as unknown as string)).toThrow(TypeError)
  })
})

describe('fixed text', () => {
  it('fills its slot', () => {
    expect(hex(encode(fixedText(6), 'tbf'))).toBe('746266000000')
    expect(decode(fixedText(6), fromHex('746266000000'))).toBe('tbf')
    expect(hex(encode(fixedText(4), 'abc'))).toBe('61626300')
    expect(() => encode(fixedText(4), 'abcd')).toThrow(RangeError)
  })
})

describe('interface names', () => {
  it.each([
    'e',
    'eth0',
    'br-0123456789ab',
    'a'.repeat(15),
    'é'.repeat(7),
    '...',
    'a.b@c',
    'x%d',
    '日本',
    'ü\u3000'
  ])('takes %j', (name) => {
    expect(isInterfaceName(name)).toBe(true)
    expect(decode(interfaceName, encode(interfaceName, name))).toBe(name)
  })

  it.each(['', '.', '..', 'a b', 'a\tb', 'a/b', 'a:b', 'a\0b', 'a\n', 'a\u00a0b', 'à', 'é\t'])(
    'refuses %j',
    (name) => {
      expect(isInterfaceName(name)).toBe(false)
      expect(() => encode(interfaceName, name)).toThrow(TypeError)
      expect(() => encode(alternativeName, name)).toThrow(TypeError)
    }
  )

  it('refuses what is too long', () => {
    expect(() => encode(interfaceName, 'a'.repeat(16))).toThrow(RangeError)
    expect(() => encode(interfaceName, 'é'.repeat(8))).toThrow(RangeError)
    expect(() => encode(alternativeName, 'a'.repeat(128))).toThrow(RangeError)
    expect(encode(alternativeName, 'a'.repeat(127)).length).toBe(128)
    expect(() => encode(interfaceName, null as unknown as string)).toThrow(TypeError)
    expect(() => encode(alternativeName, null as unknown as string)).toThrow(TypeError)
  })
})
