import { invalidRange, invalidType, isInvalid } from '../../codec/index.js'
import type { Type } from '../../codec/index.js'

/** Bytes of a connection's labels: `NF_CT_LABELS_MAX_SIZE`. */
const size = 16

const expected = 'an array of label numbers from 0 to 127'

/** Labels as the numbers of the bits that are set (`CTA_LABELS`): connlabel.conf gives them names. */
export const labels: Type<number[], readonly number[]> = {
  expected,
  size: 0,
  write(writer, value) {
    if (!Array.isArray(value)) invalidType(value, expected)
    const start = writer.zeros(size)
    for (const [i, bit] of (value as readonly unknown[]).entries()) {
      try {
        if (typeof bit !== 'number') invalidType(bit, 'a label number from 0 to 127')
        if (!Number.isInteger(bit) || bit < 0 || bit >= size * 8)
          invalidRange(bit, 'a label number from 0 to 127')
        writer.bytes[start + (bit >> 3)]! |= 1 << (bit & 7)
      } catch (error) {
        throw isInvalid(error) ? error.within(i) : error
      }
    }
  },
  read(bytes, offset, length) {
    const set: number[] = []
    for (let bit = 0; bit < length * 8; bit++) {
      if ((bytes[offset + (bit >> 3)]! & (1 << (bit & 7))) !== 0) set.push(bit)
    }
    return set
  }
}
