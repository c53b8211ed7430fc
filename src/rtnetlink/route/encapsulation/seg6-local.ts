import {
  attribute,
  enumeration,
  flags,
  invalidType,
  ipv4,
  ipv6,
  familyOf,
  present,
  record,
  required,
  u32,
  u64,
  u8
} from '../../../codec/index.js'
import type { Field, OutputOf, Type } from '../../../codec/index.js'
import { segmentRoutingHeader } from './segment-routing-header.js'

/** `SEG6_LOCAL_ACTION_*`, linux/seg6_local.h, as iproute2 names them (RFC 8986). */
const action = enumeration(u32, {
  End: 1,
  'End.X': 2,
  'End.T': 3,
  'End.DX2': 4,
  'End.DX6': 5,
  'End.DX4': 6,
  'End.DT6': 7,
  'End.DT4': 8,
  'End.B6': 9,
  'End.B6.Encaps': 10,
  'End.BM': 11,
  'End.S': 12,
  'End.AS': 13,
  'End.AM': 14,
  'End.BPF': 15,
  'End.DT46': 16
})

/** Where to send the packet on: IPv4 and IPv6 have attributes of their own. */
const gateway: Field<string, string> = {
  types: [4, 5],
  write(writer, value) {
    if (typeof value !== 'string') invalidType(value, 'an IP address')
    const v4 = familyOf(value) === 'inet'
    const start = writer.beginAttribute(v4 ? 4 : 5)
    ;(v4 ? ipv4 : ipv6).write(writer, value)
    writer.endAttribute(start)
  },
  readAttribute(target, key, bytes, offset, length, number) {
    const type = number === 4 ? ipv4 : ipv6
    if (length < type.size) return false
    target[key] = type.read(bytes, offset, length)
    return true
  }
}

const counterValues = record({
  packets: attribute(2, u64),
  bytes: attribute(3, u64),
  errors: attribute(4, u64)
})

/** Asked for with `true`; they begin at zero. */
const counters: Type<OutputOf<typeof counterValues>, true | OutputOf<typeof counterValues>> = {
  ...counterValues,
  expected: 'true',
  write(writer, value) {
    if (value !== true && (typeof value !== 'object' || value === null)) invalidType(value, 'true')
    counterValues.write(writer, { packets: 0, bytes: 0, errors: 0 })
  }
}

/** `SEG6_LOCAL_FLV_*`, linux/seg6_local.h (Linux 6.1). */
const flavors = record({
  operations: attribute(1, flags(u32, { psp: 1 << 1, usp: 1 << 2, usd: 1 << 3, 'next-csid': 1 << 4 })),
  locatorBlockBits: attribute(2, u8),
  nodeFunctionBits: attribute(3, u8)
})

/** `SEG6_LOCAL_*`: what to do with a packet whose active segment this route matches. */
export const seg6LocalEncapsulation = record({
  action: present(required(attribute(1, action))),
  header: attribute(2, segmentRoutingHeader),
  table: attribute(3, u32),
  gateway,
  inputLink: attribute(6, u32),
  link: attribute(7, u32),
  vrfTable: attribute(9, u32),
  counters: attribute(10, counters),
  flavors: attribute(11, flavors)
})
