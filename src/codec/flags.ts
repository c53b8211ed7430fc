import { inlined, inlineOf } from './inline.js'
import { invalidType, invalidValue } from './invalid.js'
import type { NumberType } from './number.js'
import type { Type } from './type.js'

/** A `Type` of named bits. */
export interface FlagsType<Name extends string> extends Type<readonly (Name | number)[]> {
  readonly names: Readonly<Record<Name, number>>
  namesOf(value: number): (Name | number)[]
  maskOf(value: readonly (Name | number)[]): number
}

/**
 * Bits as an array of lower-case names, as `ip` prints them. A set bit that has no name is read as its
 * number (`0x4000`), and numbers are accepted.
 */
export function flags<const Names extends Readonly<Record<string, number>>>(
  type: NumberType,
  names: Names
): FlagsType<keyof Names & string> {
  type Name = keyof Names & string
  const entries = Object.entries(names) as [Name, number][]
  const byName = new Map<string, number>(entries)
  const expected = `an array of flags out of ${entries.map(([name]) => `"${name}"`).join(', ')}`

  function maskOf(value: readonly (Name | number)[]): number {
    if (!Array.isArray(value)) invalidType(value, expected)
    let mask = 0
    for (const flag of value as readonly (Name | number)[]) {
      const bit = typeof flag === 'number' ? flag : byName.get(flag)
      if (bit === undefined || !Number.isInteger(bit) || bit < 0 || bit > type.max)
        invalidValue(flag, expected)
      mask |= bit
    }
    return mask >>> 0
  }

  function namesOf(value: number): (Name | number)[] {
    const result: (Name | number)[] = []
    let rest = value
    for (const [name, bit] of entries) {
      if (bit !== 0 && (rest & bit) >>> 0 === bit) {
        result.push(name)
        rest = (rest & ~bit) >>> 0
      }
    }
    for (let bit = 1; rest !== 0; bit = (bit << 1) >>> 0) {
      if ((rest & bit) !== 0) result.push(bit)
      rest = (rest & ~bit) >>> 0
    }
    return result
  }

  const result: FlagsType<Name> = {
    expected,
    size: type.size,
    names,
    namesOf,
    maskOf,
    write: (writer, value) => type.write(writer, maskOf(value)),
    read: (bytes, offset, length) => namesOf(type.read(bytes, offset, length))
  }
  const number = inlineOf(type, 'write')?.number
  const { decode } = number ?? {}
  if (number === undefined || decode === undefined) return result
  return inlined(result, {
    number: {
      width: number.width,
      bigEndian: number.bigEndian === true,
      encode: (value, scope) => ({ number: `${scope.constant(maskOf)}(${value})` }),
      decode: (value, scope) => `(${value} === 0 ? [] : ${scope.constant(namesOf)}(${decode(value, scope)}))`
    }
  })
}
