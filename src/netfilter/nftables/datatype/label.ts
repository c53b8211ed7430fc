import { invalidRange, invalidType } from '../../../codec/index.js'
import type { Type } from '../../../codec/index.js'

const expected = 'the number of a label, from 0 to 127, or an array of such'

/** Labels of a connection: bits of 16 bytes. */
export const ctLabel: Type<number | number[], number | readonly number[]> = {
  expected,
  size: 16,
  write(writer, value) {
    const start = writer.zeros(16)
    for (const bit of typeof value === 'number' ? [value] : value) {
      if (typeof bit !== 'number') invalidType(value, expected)
      if (!Number.isInteger(bit) || bit < 0 || bit > 127) invalidRange(value, expected)
      writer.bytes[start + (bit >>> 3)]! |= 1 << (bit & 7)
    }
  },
  read(bytes, offset) {
    const labels: number[] = []
    for (let bit = 0; bit < 128; bit++) {
      if ((bytes[offset + (bit >>> 3)]! & (1 << (bit & 7))) !== 0) labels.push(bit)
    }
    return labels.length === 1 ? labels[0]! : labels
  }
}
