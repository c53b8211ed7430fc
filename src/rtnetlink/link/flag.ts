import { headerBit, writeOnly } from '../../codec/index.js'
import type { Field } from '../../codec/index.js'

/** Where `ifi_flags` and `ifi_change`, the mask of what to change, lie in `struct ifinfomsg`. */
const flagsOffset = 8
const changeOffset = 12

type BooleanField = Field<boolean, boolean> & { readonly present: true }

/** A boolean in a bit of `ifi_flags`. */
export function linkFlag(mask: number): BooleanField {
  return headerBit(flagsOffset, mask, { changeOffset })
}

/** A boolean that is true where the bit is clear: ARP is on unless `IFF_NOARP` is set. */
export function invertedLinkFlag(mask: number): BooleanField {
  const bit = linkFlag(mask)
  const field: Field<boolean, boolean> = {
    ...bit,
    write(writer, value, base, source) {
      bit.write!(writer, typeof value === 'boolean' ? !value : value, base, source)
    },
    readHeader(target, key, bytes, base, options) {
      bit.readHeader!(target, key, bytes, base, options)
      target[key] = target[key] !== true
    }
  }
  return field as BooleanField
}

/** A flag that is seen among `flags` alone. */
export const settableFlag = (mask: number): Field<never, boolean> => writeOnly(linkFlag(mask))
export const settableInvertedFlag = (mask: number): Field<never, boolean> => writeOnly(invertedLinkFlag(mask))
