import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Writer } from '../../../src/codec/index.js'
import { hex, u16s } from './schemas.js'

describe('Writer', () => {
  it('frames messages', () => {
    const writer = new Writer(4)
    const first = writer.beginMessage(24, 0x605)
    writer.u8(7)
    writer.endMessage(first)
    const second = writer.beginMessage(26, 0x301)
    writer.u32(0xdeadbeef)
    writer.endMessage(second)
    expect(hex(writer.written())).toBe(
      '11000000' +
        '1800' +
        '0506' +
        '0000000000000000' +
        '07000000' +
        '14000000' +
        '1a00' +
        '0103' +
        '0000000000000000' +
        'efbeadde'
    )
    expect(second).toBe(20)
    expect(hex(writer.written(second)).length).toBe(40)
  })

  it('pads attributes to four bytes, and grows', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(u16s, fc.uint8Array({ maxLength: 40 })), { minLength: 1 }),
        (attributes) => {
          const writer = new Writer(1)
          const expected: number[] = []
          for (const [type, bytes] of attributes) {
            const start = writer.beginAttribute(type)
            writer.raw(bytes)
            writer.endAttribute(start)
            expected.push(
              (bytes.length + 4) & 0xff,
              (bytes.length + 4) >> 8,
              type & 0xff,
              type >> 8,
              ...bytes
            )
            while (expected.length % 4 !== 0) expected.push(0)
          }
          expect([...writer.written()]).toEqual(expected)
        }
      )
    )
  })

  it('leaves zeros behind what it forgets', () => {
    const writer = new Writer(64)
    writer.u32(0xffffffff)
    writer.u16(0xffff)
    writer.u8(0xff)
    writer.truncate(4)
    expect(writer.zeros(4)).toBe(4)
    expect(hex(writer.written())).toBe('ffffffff00000000')
  })

  it('refuses an attribute that is too long for its length', () => {
    const writer = new Writer()
    const start = writer.beginAttribute(1)
    writer.zeros(65_532)
    expect(() => writer.endAttribute(start)).toThrow(RangeError)
  })
})
