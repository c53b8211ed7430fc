import { be32, invalidRange, invalidType, ipv6, u32, within } from '../../../codec/index.js'
import type { Type, Writer } from '../../../codec/index.js'

/** The segment routing header of an IPv6 packet (RFC 8754, 2). */
export interface SegmentRoutingHeader {
  /** IPv6 addresses, in the order in which they are visited. */
  readonly segments: readonly string[]
  /** The key of the HMAC TLV. */
  readonly hmacKeyId?: number | undefined
}

const headerLength = 8
const hmacLength = 40
const hmacTlv = 5
const hmacFlag = 1 << 3
/** The kernel's limit is the 8-bit length: 127 segments. */
const mostSegments = 126

/**
 * `struct ipv6_sr_hdr`, linux/seg6.h. On the wire the segments are reversed. `inline` headers begin with an
 * empty slot, which the kernel fills with the packet's destination.
 */
export function writeSegmentRoutingHeader(
  writer: Writer,
  value: SegmentRoutingHeader,
  inline: boolean
): void {
  const { segments, hmacKeyId } = value
  checkSegments(segments, mostSegments)
  const count = segments.length + (inline ? 1 : 0)
  const length = headerLength + count * 16 + (hmacKeyId === undefined ? 0 : hmacLength)
  writer.u8(0)
  writer.u8((length >>> 3) - 1)
  writer.u8(4)
  writer.u8(count - 1)
  writer.u8(count - 1)
  writer.u8(hmacKeyId === undefined ? 0 : hmacFlag)
  writer.u16(0)
  if (inline) writer.zeros(16)
  for (let i = segments.length - 1; i >= 0; i--) writeSegment(writer, segments[i]!, i)
  if (hmacKeyId === undefined) return
  writer.u8(hmacTlv)
  writer.u8(hmacLength - 2)
  writer.u16(0)
  within('hmacKeyId', () => be32.write(writer, hmacKeyId))
  writer.zeros(32)
}

export function readSegmentRoutingHeader(
  bytes: Uint8Array,
  offset: number,
  length: number,
  inline: boolean
): SegmentRoutingHeader {
  const last = bytes[offset + 4]!
  const end = offset + length
  const segments: string[] = []
  for (let i = last; i >= (inline ? 1 : 0); i--) {
    const at = offset + headerLength + i * 16
    if (at + 16 <= end) segments.push(ipv6.read(bytes, at, 16))
  }
  const tlv = offset + headerLength + (last + 1) * 16
  if ((bytes[offset + 5]! & hmacFlag) === 0 || tlv + 8 > end) return { segments }
  return { segments, hmacKeyId: be32.read(bytes, tlv + 4, 4) }
}

export function checkSegments(segments: unknown, most: number): asserts segments is readonly string[] {
  const expected = `an array of 1 to ${most} IPv6 addresses`
  within('segments', () => {
    if (!Array.isArray(segments)) invalidType(segments, expected)
    if (segments.length < 1 || segments.length > most) invalidRange(segments, expected)
  })
}

export function writeSegment(writer: Writer, segment: string, index: number): void {
  within('segments', () => within(index, () => ipv6.write(writer, segment)))
}

/** A header by itself. */
export const segmentRoutingHeader: Type<SegmentRoutingHeader> = {
  expected: 'a segment routing header: { segments, hmacKeyId? }',
  size: 0,
  minimum: headerLength,
  write(writer, value) {
    if (typeof value !== 'object' || value === null) invalidType(value, this.expected)
    writeSegmentRoutingHeader(writer, value, false)
  },
  read: (bytes, offset, length) => readSegmentRoutingHeader(bytes, offset, length, false)
}

/** Where the header begins in `struct seg6_iptunnel_encap`, after the mode. */
export const modeLength = u32.size
