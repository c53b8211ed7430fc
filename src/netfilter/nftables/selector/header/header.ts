import { dataType } from '../../datatype/datatype.js'
import type { DataType } from '../../datatype/datatype.js'
import { integer } from '../../datatype/integer.js'
import type { RuleBuilder } from '../../rule/builder.js'
import { registerAt } from '../../rule/registers.js'
import { Selector } from '../selector.js'
import { assignPayload } from './assign.js'

/** Which header a payload is counted from. */
export type PayloadBase = 'link' | 'network' | 'transport' | 'inner'

/** How a header's checksum is kept right when a field is written. */
export interface HeaderChecksum {
  /** Where it lies, in bytes. */
  readonly offset: number
}

/** A header that packets of some protocol have. */
export interface Header {
  readonly name: string
  readonly base: PayloadBase
  readonly require?: (builder: RuleBuilder) => void
  readonly checksum?: HeaderChecksum
}

/** A field of a header. */
export interface HeaderField {
  /** Bits from the start of the header, and how many. */
  readonly offset: number
  readonly length: number
  readonly settles?: (builder: RuleBuilder, value: Uint8Array) => void
  readonly require?: (builder: RuleBuilder) => void
  /** It is part of the pseudo-header that the checksum of the transport protocol covers. */
  readonly pseudoHeader?: boolean
}

/** A field of a header as a selector of values of `type`. */
export function headerField<V>(
  header: Header,
  name: string,
  field: HeaderField,
  type: DataType<V>
): Selector<V> {
  const first = field.offset >>> 3
  const end = (field.offset + field.length + 7) >>> 3
  const size = end - first
  const shift = end * 8 - field.offset - field.length
  const aligned = (field.offset & 7) === 0 && shift === 0
  const require = (builder: RuleBuilder): void => {
    header.require?.(builder)
    field.require?.(builder)
  }
  return new Selector<V>({
    name: `${header.name} ${name}`,
    type,
    require,
    load(builder, place, length = size) {
      builder.emit({
        kind: 'payload',
        destinationRegister: registerAt(place),
        base: header.base,
        offset: first,
        length
      })
    },
    shortens: aligned,
    ...(aligned ? {} : { field: { mask: maskOf(size, shift, field.length), shift } }),
    ...(field.settles === undefined ? {} : { settles: field.settles }),
    ...assignPayload(header, field, type)
  })
}

/** The bits of a field within `size` bytes. */
function maskOf(size: number, shift: number, length: number): Uint8Array {
  const mask = new Uint8Array(size)
  for (let bit = shift; bit < shift + length; bit++) mask[size - 1 - (bit >>> 3)]! |= 1 << (bit & 7)
  return mask
}

/** A number of so many bits, in network byte order. */
export function bitsOf(length: number): DataType<number | bigint | string | Uint8Array> {
  return integer((length + 7) >>> 3, 'network', length)
}

/** A type under another name, for fields whose size differs from that of the type of the same name. */
export const retyped = dataType
