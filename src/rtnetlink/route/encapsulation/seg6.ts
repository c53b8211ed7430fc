import { enumeration, u32, within } from '../../../codec/index.js'
import type { InputOf, OutputOf, Type } from '../../../codec/index.js'
import { modeLength, readSegmentRoutingHeader, writeSegmentRoutingHeader } from './segment-routing-header.js'
import type { SegmentRoutingHeader } from './segment-routing-header.js'
import { soleAttribute } from './sole-attribute.js'

/** `SEG6_IPTUN_MODE_*`, linux/seg6_iptunnel.h, as iproute2 names them. */
const mode = enumeration(u32, { inline: 0, encap: 1, l2encap: 2, 'encap.red': 3, 'l2encap.red': 4 })

export interface Seg6Route extends SegmentRoutingHeader {
  /** Whether the header is put into the packet, or an outer one around it. */
  readonly mode: OutputOf<typeof mode>
}

export interface Seg6RouteSpec extends SegmentRoutingHeader {
  /** `'encap'` by default. */
  readonly mode?: InputOf<typeof mode> | undefined
}

/** `struct seg6_iptunnel_encap`, linux/seg6_iptunnel.h. */
const tunnel: Type<Seg6Route, Seg6RouteSpec> = {
  expected: 'a seg6 encapsulation: { mode, segments, hmacKeyId? }',
  size: 0,
  minimum: modeLength + 8,
  write(writer, value) {
    const given = value.mode ?? 'encap'
    within('mode', () => mode.write(writer, given))
    writeSegmentRoutingHeader(writer, value, mode.numberOf(given) === mode.names.inline)
  },
  read(bytes, offset, length) {
    const read = mode.read(bytes, offset, modeLength)
    const header = offset + modeLength
    return {
      mode: read,
      ...readSegmentRoutingHeader(bytes, header, length - modeLength, read === 'inline')
    }
  }
}

/** `SEG6_IPTUNNEL_*`: sends the packet through segments. */
export const seg6Encapsulation = soleAttribute(1, tunnel)
