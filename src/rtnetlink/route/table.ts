import { u32 } from '../../codec/index.js'
import type { Field, Source } from '../../codec/index.js'
import { tableNumber } from '../table-names.js'

/** `RT_TABLE_*`, linux/rtnetlink.h. */
export const RT_TABLE_MAIN = 254
export const RT_TABLE_LOCAL = 255

const RTA_TABLE = 15
const headerOffset = 4
const tableType = u32.within({ min: 1 })

/**
 * The table of a route: in a byte of the header where it fits, otherwise in `RTA_TABLE`. Without one it is
 * what `fallback` says, or none.
 */
export function tableField(
  fallback: (source: Source) => number | undefined
): Field<number, number | string> & { readonly present: true } {
  const field: Field<number, number | string> = {
    types: [RTA_TABLE],
    always: true,
    headerEnd: headerOffset + 1,
    write(writer, value: number | string | undefined, base, source) {
      const given = value ?? fallback(source)
      if (given === undefined) return
      const table = typeof given === 'number' ? given : tableNumber(given)
      if (Number.isInteger(table) && table > 0 && table < 256) {
        writer.bytes[base + headerOffset] = table
        return
      }
      const start = writer.beginAttribute(RTA_TABLE)
      tableType.write(writer, table)
      writer.endAttribute(start)
    },
    readHeader(target, key, bytes, base) {
      target[key] = bytes[base + headerOffset]!
    },
    readAttribute(target, key, bytes, offset, length) {
      if (length < u32.size) return false
      target[key] = u32.read(bytes, offset, length)
      return true
    }
  }
  return field as Field<number, number | string> & { readonly present: true }
}
