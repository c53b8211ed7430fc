import { invalidType, isInvalid, planned } from '../../codec/index.js'
import type { Field, Type } from '../../codec/index.js'

/** One value for each direction of a connection. */
export interface ByDirection<T> {
  readonly original?: T
  readonly reply?: T
}

export interface ByDirectionSpec<T> {
  readonly original?: T | undefined
  readonly reply?: T | undefined
}

const expected = 'an object { original, reply }'
const directions = ['original', 'reply'] as const

/** A property that is an attribute for each direction. */
export function byDirection<Out, In>(
  original: number,
  reply: number,
  type: Type<Out, In>
): Field<ByDirection<Out>, ByDirectionSpec<In>> {
  const minimum = type.minimum ?? type.size
  const numbers = { original, reply }
  const field: Field<ByDirection<Out>, ByDirectionSpec<In>> = {
    types: [original, reply],
    write(writer, value) {
      if (typeof value !== 'object' || value === null) invalidType(value, expected)
      for (const key of Object.keys(value))
        if (key !== 'original' && key !== 'reply') invalidType(value, expected)
      for (const direction of directions) {
        const given = value[direction]
        if (given === undefined) continue
        try {
          const start = writer.beginAttribute(numbers[direction] | (type.nested === true ? 0x8000 : 0))
          type.write(writer, given)
          writer.endAttribute(start)
        } catch (error) {
          throw isInvalid(error) ? error.within(direction) : error
        }
      }
    },
    readAttribute(target, key, bytes, offset, length, number, options) {
      if (length < minimum) return false
      const both = (target[key] ??= {}) as { -readonly [D in keyof ByDirection<Out>]: Out }
      both[number === original ? 'original' : 'reply'] = type.read(bytes, offset, length, options)
      return true
    }
  }
  return planned(field, {
    place: 'parts',
    compiled: (compile) => byDirection(original, reply, compile(type))
  })
}
