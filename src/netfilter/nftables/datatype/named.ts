import { enumeration, invalidType, invalidValue, isInvalid } from '../../../codec/index.js'
import type { NumberType, Type } from '../../../codec/index.js'
import { parseNumber } from './datatype.js'

/** Names for numbers; digits are taken as well. */
export function named<const Names extends Readonly<Record<string, number>>>(
  type: NumberType,
  names: Names
): Type<(keyof Names & string) | number> {
  const inner = enumeration(type, names)
  return {
    ...inner,
    write(writer, value) {
      const number = typeof value === 'string' ? parseNumber(value) : undefined
      inner.write(writer, number ?? value)
    }
  }
}

/** Names of bits: one, or several in an array. Reads as a name, or an array where there are several. */
export function bits<const Names extends Readonly<Record<string, number>>>(
  type: NumberType,
  names: Names
): Type<BitsOf<Names>, BitsOf<Names>> {
  type Name = keyof Names & string
  const entries = Object.entries(names) as [Name, number][]
  const byName = new Map<string, number>(entries)
  const expected = `one or several out of ${entries.map(([name]) => `"${name}"`).join(', ')}`
  const bitOf = (value: unknown): number => {
    if (typeof value === 'number') return value
    if (typeof value !== 'string') invalidType(value, expected)
    return byName.get(value) ?? parseNumber(value) ?? invalidValue(value, expected)
  }
  return {
    expected,
    size: type.size,
    write(writer, value) {
      const given: readonly unknown[] = Array.isArray(value) ? value : [value]
      let mask = 0
      for (let i = 0; i < given.length; i++) {
        try {
          mask |= bitOf(given[i])
        } catch (error) {
          throw isInvalid(error) && Array.isArray(value) ? error.within(i) : error
        }
      }
      type.write(writer, mask >>> 0)
    },
    read(bytes, offset, length) {
      const value = type.read(bytes, offset, length)
      const found = entries.filter(([, bit]) => (value & bit) !== 0)
      const known = found.reduce((mask, [, bit]) => mask | bit, 0)
      if (found.length === 0 || known >>> 0 !== value) return value
      return found.length === 1 ? found[0]![0] : found.map(([name]) => name)
    }
  }
}

export type BitsOf<Names> = (keyof Names & string) | number | readonly ((keyof Names & string) | number)[]
