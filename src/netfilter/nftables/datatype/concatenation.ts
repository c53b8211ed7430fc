import { invalidRange, invalidType, within } from '../../../codec/index.js'
import type { DataType } from './datatype.js'

/** A type that is several, one after the other, each padded to words of 4 bytes as registers are. */
export interface ConcatenatedType extends DataType<readonly never[], unknown[]> {
  readonly parts: readonly DataType[]
}

const padded = (size: number): number => (size + 3) & ~3

/** `TYPE_BITS`, nftables' datatype.h: the number of a concatenation holds those of its parts. */
const bitsOfType = 6

/** Several types as one. At most five: their numbers must fit in 32 bits. */
export function concatenated(parts: readonly DataType[]): ConcatenatedType {
  if (parts.length > 5) invalidRange(parts.length, 'a concatenation of at most 5 parts')
  const size = parts.reduce((sum, part) => sum + padded(part.size), 0)
  const expected = `an array of ${parts.length} values`
  return {
    name: parts.map(({ name }) => name).join(' . '),
    id: parts.reduce((id, part) => id * (1 << bitsOfType) + part.id, 0),
    byteOrder: 'network',
    expected,
    size,
    parts,
    write(writer, value) {
      const values: unknown = value
      if (!Array.isArray(values)) invalidType(value, expected)
      if (values.length !== parts.length) invalidRange(values.length, expected)
      parts.forEach((part, index) => {
        const start = writer.position
        within(index, () => part.write(writer, values[index] as never))
        writer.zeros(start + padded(part.size) - writer.position)
      })
    },
    read(bytes, offset) {
      let at = offset
      return parts.map((part) => {
        const value = part.read(bytes, at, part.size)
        at += padded(part.size)
        return value
      })
    }
  }
}

export function isConcatenated(type: DataType): type is ConcatenatedType {
  return 'parts' in type
}
