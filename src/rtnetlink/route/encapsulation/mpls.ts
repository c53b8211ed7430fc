import {
  attribute,
  be32,
  invalidRange,
  invalidType,
  present,
  record,
  required,
  u32,
  u8,
  within
} from '../../../codec/index.js'
import type { Type } from '../../../codec/index.js'

const expected = 'an array of 1 to 30 MPLS labels, each a whole number from 0 to 1048575'
const bottomOfStack = 0x100

const labelNumber = u32.within({ max: 0xfffff })

function checkLabel(label: number): void {
  if (typeof label !== 'number') invalidType(label, labelNumber.expected)
  if (!Number.isInteger(label) || label < 0 || label > labelNumber.max) {
    invalidRange(label, labelNumber.expected)
  }
}

/** A stack of labels, outermost first (RFC 3032; linux/mpls.h). Traffic class and TTL of each are zero. */
export const mplsLabels: Type<number[], readonly number[]> = {
  expected,
  size: 0,
  minimum: 4,
  write(writer, value) {
    if (!Array.isArray(value)) invalidType(value, expected)
    const labels = value as readonly number[]
    if (labels.length < 1 || labels.length > 30) invalidRange(value, expected)
    labels.forEach((label, i) => {
      within(i, () => checkLabel(label))
      be32.write(writer, ((label << 12) | (i === labels.length - 1 ? bottomOfStack : 0)) >>> 0)
    })
  },
  read(bytes, offset, length) {
    const labels: number[] = []
    for (let at = offset; at + 4 <= offset + length; at += 4) labels.push(be32.read(bytes, at, 4) >>> 12)
    return labels
  }
}

/** `MPLS_IPTUNNEL_*`, linux/mpls_iptunnel.h: pushes labels. */
export const mplsEncapsulation = record({
  /** The labels to push, outermost first: `encap mpls 226/227` is `[226, 227]`. */
  labels: present(required(attribute(1, mplsLabels))),
  /** The TTL of the labels; that of the packet by default. */
  ttl: attribute(2, u8)
})
