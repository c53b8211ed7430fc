import { within } from '../../../codec/index.js'
import { encodeValue } from '../datatype/datatype.js'
import { dataTypes } from '../datatype/types.js'
import type { ValueOf } from '../datatype/types.js'
import type { Statement } from '../rule/item.js'
import { requireNetwork, requireTransport } from '../selector/dependency.js'

/** What the sender is told: one of these, or what suits the family. */
export interface RejectOptions {
  readonly tcpReset?: boolean | undefined
  /** A code of ICMP's destination unreachable; only IPv4 packets match. */
  readonly icmp?: ValueOf<'icmp_code'> | undefined
  /** The same of ICMPv6. */
  readonly icmpv6?: ValueOf<'icmpv6_code'> | undefined
  /** A code that the kernel translates for either family. */
  readonly icmpx?: ValueOf<'icmpx_code'> | undefined
}

/** `ICMP_PORT_UNREACH` and `ICMPV6_PORT_UNREACH` */
const portUnreachable = { ip: 3, ip6: 4, icmpx: 1 } as const

/** Drops the packet, and tells the sender. */
export function reject(options: RejectOptions = {}): Statement {
  return {
    statement: 'reject',
    build(builder) {
      const { family } = builder
      if (options.tcpReset === true) {
        requireTransport(builder, 6)
        builder.emit({ kind: 'reject', type: 'tcp reset', code: 0 })
      } else if (options.icmp !== undefined) {
        requireNetwork(builder, 'ip')
        builder.emit({ kind: 'reject', type: 'icmp', code: codeOf('icmp', options.icmp) })
      } else if (options.icmpv6 !== undefined) {
        requireNetwork(builder, 'ip6')
        builder.emit({ kind: 'reject', type: 'icmp', code: codeOf('icmpv6', options.icmpv6) })
      } else if (options.icmpx !== undefined) {
        builder.emit({ kind: 'reject', type: 'icmpx', code: codeOf('icmpx', options.icmpx) })
      } else if (family === 'ip' || family === 'ip6') {
        builder.emit({ kind: 'reject', type: 'icmp', code: portUnreachable[family] })
      } else {
        builder.emit({ kind: 'reject', type: 'icmpx', code: portUnreachable.icmpx })
      }
    }
  }
}

function codeOf(key: 'icmp' | 'icmpv6' | 'icmpx', code: unknown): number {
  return within(key, () => encodeValue(dataTypes[`${key}_code`], code)[0]!)
}
