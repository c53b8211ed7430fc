import { invalidRange, invalidType } from '../../../codec/index.js'
import type { DataType } from './datatype.js'
import { parseNumber } from './datatype.js'

/** A number without a type of its own, in `size` bytes, of which the lowest `bits` count. */
export function integer(
  size: number,
  byteOrder: 'host' | 'network' = 'network',
  bits = size * 8
): DataType<number | bigint | string | Uint8Array, number | bigint> {
  const max = (1n << BigInt(bits)) - 1n
  const expected = `a whole number from 0 to ${max}, or ${size} bytes`
  return {
    name: 'integer',
    id: 4,
    byteOrder,
    intervals: 'number',
    expected,
    size,
    write(writer, value) {
      if (value instanceof Uint8Array) {
        if (value.length !== size) invalidRange(value.length, `${size} bytes`)
        writer.raw(value)
        return
      }
      const number = typeof value === 'string' ? parseNumber(value) : value
      if (typeof number !== 'number' && typeof number !== 'bigint') invalidType(value, expected)
      if (typeof number === 'number' && !Number.isSafeInteger(number)) invalidRange(value, expected)
      let rest = BigInt(number)
      if (rest < 0n || rest > max) invalidRange(value, expected)
      const start = writer.zeros(size)
      for (let i = 0; i < size; i++) {
        const at = byteOrder === 'host' ? i : size - 1 - i
        writer.bytes[start + at] = Number(rest & 0xffn)
        rest >>= 8n
      }
    },
    read(bytes, offset) {
      let value = 0n
      for (let i = 0; i < size; i++) {
        const at = byteOrder === 'host' ? size - 1 - i : i
        value = (value << 8n) | BigInt(bytes[offset + at]!)
      }
      return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value
    }
  }
}
