import { invalidRange, invalidType } from './invalid.js'
import type { Type } from './type.js'

/** Raw bytes, copied both ways. */
export function bytes(min = 0, max = 0xfff0): Type<Uint8Array> {
  const expected = min === max ? `a Uint8Array of ${min} bytes` : `a Uint8Array of ${min} to ${max} bytes`
  return {
    expected,
    size: min,
    write(writer, value) {
      if (!(value instanceof Uint8Array)) invalidType(value, expected)
      if (value.length < min || value.length > max) invalidRange(value, expected)
      writer.raw(value)
    },
    read: (source, offset, length) => source.slice(offset, offset + length)
  }
}

/** An attribute whose presence is its meaning (`NLA_FLAG`): written when true, read as true. */
export const presence: Type<true, boolean> = {
  expected: 'true or false',
  size: 0,
  write(_writer, value) {
    if (typeof value !== 'boolean') invalidType(value, 'true or false')
  },
  read: () => true
}
