import { invalidType, ipv6 } from '../../../codec/index.js'
import type { Type } from '../../../codec/index.js'
import { checkSegments, writeSegment } from './segment-routing-header.js'
import { soleAttribute } from './sole-attribute.js'

export interface RplRoute {
  /** IPv6 addresses, in the order in which they are visited. */
  readonly segments: readonly string[]
}

const headerLength = 8

/** `struct ipv6_rpl_sr_hdr`, linux/rpl.h (RFC 6554, 3), without compressed addresses. */
const header: Type<RplRoute> = {
  expected: 'an rpl encapsulation: { segments }',
  size: 0,
  minimum: headerLength,
  write(writer, value) {
    if (typeof value !== 'object' || value === null) invalidType(value, this.expected)
    const { segments } = value
    checkSegments(segments, 127)
    writer.u8(0)
    writer.u8(segments.length * 2)
    writer.u8(3)
    writer.u8(segments.length)
    writer.u32(0)
    segments.forEach((segment, i) => writeSegment(writer, segment, i))
  },
  read(bytes, offset, length) {
    const segments: string[] = []
    for (let at = offset + headerLength; at + 16 <= offset + length; at += 16) {
      segments.push(ipv6.read(bytes, at, 16))
    }
    return { segments }
  }
}

/** `RPL_IPTUNNEL_*`, linux/rpl_iptunnel.h: source routing in low-power networks. */
export const rplEncapsulation = soleAttribute(1, header)
