import { inlined, inlineOf } from './inline.js'
import { invalidRange, invalidType, invalidValue } from './invalid.js'
import type { NumberType } from './number.js'
import type { Type } from './type.js'

/** A `Type` of names for numbers; it keeps its table, for lookups and documentation. */
export interface EnumerationType<Name extends string> extends Type<Name | number> {
  readonly names: Readonly<Record<Name, number>>
  nameOf(value: number): Name | number
  numberOf(value: Name | number): number
}

/**
 * Names for numbers, as iproute2 prints them. Either is accepted; a number that has no name is read as the
 * number, since kernels grow. Where two names share a number, the first is the one that is read.
 */
export function enumeration<const Names extends Readonly<Record<string, number>>>(
  type: NumberType,
  names: Names
): EnumerationType<keyof Names & string> {
  type Name = keyof Names & string
  const byNumber = new Map<number, Name>()
  for (const [name, number] of Object.entries(names)) if (!byNumber.has(number)) byNumber.set(number, name)
  const byName = new Map<string, number>(Object.entries(names))
  const expected = `one of ${Object.keys(names)
    .map((name) => `"${name}"`)
    .join(', ')}, or a number from ${type.min} to ${type.max}`

  function numberOf(value: Name | number): number {
    if (typeof value === 'number') {
      if (!Number.isInteger(value) || value < type.min || value > type.max) invalidRange(value, expected)
      return value
    }
    if (typeof value !== 'string') invalidType(value, expected)
    return byName.get(value) ?? invalidValue(value, expected)
  }

  const nameOf = (value: number): Name | number => byNumber.get(value) ?? value

  const result: EnumerationType<Name> = {
    expected,
    size: type.size,
    names,
    nameOf,
    numberOf,
    write: (writer, value) => type.write(writer, numberOf(value)),
    read: (bytes, offset, length) => nameOf(type.read(bytes, offset, length))
  }
  const number = inlineOf(type, 'write')?.number
  const { decode } = number ?? {}
  if (number === undefined || decode === undefined) return result
  const table =
    type.size === 1
      ? Array.from({ length: 256 }, (_, n) => nameOf(type.read(new Uint8Array([n]), 0, 1)))
      : undefined
  return inlined(result, {
    number: {
      width: number.width,
      bigEndian: number.bigEndian === true,
      // The same name mostly comes again, so the last one is remembered.
      encode(value, scope) {
        const name = scope.memory('undefined')
        const last = scope.memory('0')
        const look = `(${last} = ${scope.constant(numberOf)}(${value}), ${name} = ${value}, ${last})`
        return { number: `${value} === ${name} ? ${last} : ${look}` }
      },
      decode: (value, scope) =>
        table === undefined
          ? `${scope.constant(nameOf)}(${decode(value, scope)})`
          : `${scope.constant(table)}[${value}]`
    }
  })
}
