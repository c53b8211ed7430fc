import { invalidType, invalidValue, u32 } from '../../../codec/index.js'
import type { Type } from '../../../codec/index.js'

const expected = 'a traffic class such as "1:2", or a number'

/** A class of traffic control: two 16-bit numbers in hexadecimal with a colon between them. */
export const classId: Type<string, string | number> = {
  expected,
  size: 4,
  write(writer, value) {
    if (typeof value === 'number') return u32.write(writer, value)
    if (typeof value !== 'string') invalidType(value, expected)
    const match = /^([0-9a-f]{0,4}):([0-9a-f]{0,4})$/i.exec(value)
    if (match === null) invalidValue(value, expected)
    const part = (text: string | undefined): number => (text === '' ? 0 : Number.parseInt(text!, 16))
    u32.write(writer, part(match[1]) * 0x10000 + part(match[2]))
  },
  read(bytes, offset, length) {
    const value = u32.read(bytes, offset, length)
    return `${(value >>> 16).toString(16)}:${(value & 0xffff).toString(16)}`
  }
}
