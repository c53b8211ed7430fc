import type { DataType } from '../../datatype/datatype.js'
import { registerAt } from '../../rule/registers.js'
import { shiftField } from '../selector.js'
import type { SelectorParts } from '../selector.js'
import type { Header, HeaderField } from './header.js'

/** How a field of a header is written, with its checksum. */
export function assignPayload(
  header: Header,
  field: HeaderField,
  type: DataType
): Pick<SelectorParts, 'store' | 'assign'> {
  const { base, checksum } = header
  const checksums = {
    checksumType: checksum === undefined ? ('none' as const) : ('inet' as const),
    checksumOffset: checksum?.offset ?? 0,
    ...(field.pseudoHeader === true ? { checksumFlags: ['pseudo-header'] as const } : {})
  }
  const first = field.offset >>> 3
  const end = (field.offset + field.length + 7) >>> 3
  const wholeBytes = ((field.offset | field.length) & 7) === 0
  // The checksum is kept in steps of 16 bits.
  const whole = wholeBytes && (checksum === undefined || ((first | end) & 1) === 0)
  if (whole) {
    return {
      store: (builder, place) =>
        builder.emit({
          kind: 'payload',
          sourceRegister: registerAt(place),
          base,
          offset: first,
          length: end - first,
          ...checksums
        })
    }
  }
  const start = checksum === undefined ? first : first & ~1
  const stop = checksum === undefined ? end : (end + 1) & ~1
  const length = stop - start
  const shift = stop * 8 - field.offset - field.length
  return {
    assign(builder, value) {
      const mask = new Uint8Array(length).fill(0xff)
      for (let bit = shift; bit < shift + field.length; bit++)
        mask[length - 1 - (bit >>> 3)]! &= ~(1 << (bit & 7))
      const place = builder.registers.take(length)
      const register = registerAt(place)
      builder.emit({ kind: 'payload', destinationRegister: register, base, offset: start, length })
      builder.emit({
        kind: 'bitwise',
        sourceRegister: register,
        destinationRegister: register,
        length,
        mask: { value: mask },
        xor: { value: shiftField({ mask, shift }, orderedValue(type, value)) }
      })
      builder.emit({ kind: 'payload', sourceRegister: register, base, offset: start, length, ...checksums })
    }
  }
}

/** Headers are in network byte order; what is a single byte has none. */
function orderedValue(type: DataType, value: Uint8Array): Uint8Array {
  return type.size > 1 && type.byteOrder === 'host' ? value.slice().reverse() : value
}
