import { invalidRange, invalidType, isInvalid } from '../../codec/index.js'
import type { NumberType, Type } from '../../codec/index.js'

/** One number, or all from `start` to `end`, both included. */
export type Range = number | { readonly start: number; readonly end: number }

/** Two numbers, the ends of a range (`struct fib_rule_port_range`, `struct fib_rule_uid_range`). */
export function range(number: NumberType, what: string): Type<Range> {
  const expected = `${what} from ${number.min} to ${number.max}, or { start, end } of two`
  return {
    expected,
    size: number.size * 2,
    write(writer, value) {
      if (typeof value === 'number') {
        number.write(writer, value)
        number.write(writer, value)
        return
      }
      if (typeof value !== 'object' || value === null) invalidType(value, expected)
      for (const key of ['start', 'end'] as const) {
        try {
          number.write(writer, value[key])
        } catch (error) {
          throw isInvalid(error) ? error.within(key) : error
        }
      }
      if (value.start > value.end) invalidRange(`${value.start}-${value.end}`, `${expected}, start first`)
    },
    read(bytes, offset) {
      const start = number.read(bytes, offset, number.size)
      const end = number.read(bytes, offset + number.size, number.size)
      return start === end ? start : { start, end }
    }
  }
}
