import { invalidRange, invalidType, invalidValue, within } from '../../../codec/index.js'
import { concatenated } from '../datatype/concatenation.js'
import type { DataType } from '../datatype/datatype.js'
import { dataTypes } from '../datatype/types.js'
import type { DataTypeName } from '../datatype/types.js'
import type { ObjectKindName } from '../object/type.js'

/** The types of a key, or of the values of a map: one name, or several for a concatenation. */
export type TypeNames = DataTypeName | readonly DataTypeName[]

/** `NFT_DATA_VERDICT`, linux/netfilter/nf_tables.h */
export const verdictType = 0xffffff00

/** How the elements of a set lie on the wire. */
export interface SetLayout {
  readonly key: DataType
  /** Of a map. */
  readonly value?: DataType | 'verdict' | 'object' | undefined
  /** Of a map of stateful objects. */
  readonly object?: ObjectKindName | undefined
  readonly interval: boolean
}

const expected = `a data type, such as "ipv4_addr", or an array of data types`

/** The data type of a name, or of several. */
export function typeNamed(names: TypeNames): DataType {
  if (typeof names === 'string') {
    return Object.hasOwn(dataTypes, names) ? dataTypes[names] : invalidValue(names, expected)
  }
  if (!Array.isArray(names)) invalidType(names, expected)
  const list = names as readonly DataTypeName[]
  if (list.length < 2) invalidRange(list.length, 'an array of two data types or more')
  return concatenated(list.map((name, index) => within(index, () => typeNamed(name))))
}

const byId = new Map<number, DataTypeName>(
  Object.entries(dataTypes).map(([name, { id }]) => [id, name as DataTypeName])
)

/** The names of a type by the number that a set has for it; `undefined` if they don't fit its length. */
export function typeNames(id: number | undefined, length: number | undefined): TypeNames | undefined {
  if (id === undefined || length === undefined) return undefined
  const names: DataTypeName[] = []
  for (let rest = id; rest > 0; rest = Math.floor(rest / 64)) {
    const name = byId.get(rest % 64)
    if (name === undefined) return undefined
    names.unshift(name)
  }
  if (names.length === 0) return undefined
  const found = names.length === 1 ? names[0]! : names
  return typeNamed(found).size === length ? found : undefined
}

/** Bytes of a type that netloom doesn't know, as they are. */
export function opaque(length: number): DataType<Uint8Array, Uint8Array> {
  const wanted = `a Uint8Array of ${length} bytes`
  return {
    name: 'bytes',
    id: 0,
    byteOrder: 'network',
    expected: wanted,
    size: length,
    write(writer, value) {
      if (!(value instanceof Uint8Array)) invalidType(value, wanted)
      if (value.length !== length) invalidRange(value.length, wanted)
      writer.raw(value)
    },
    read: (bytes, offset, size) => bytes.slice(offset, offset + size)
  }
}
