import {
  attribute,
  familyOf,
  flags,
  header,
  invalidRange,
  invalidType,
  ip,
  record,
  u32,
  u8,
  within
} from '../../codec/index.js'
import type { Field, InputOf, OutputOf, Type } from '../../codec/index.js'
import { AF_INET, AF_INET6 } from '../rtnetlink.js'
import { encapsulation, mplsLabels } from './encapsulation/index.js'
import { realms } from './realms.js'
import { refuseOwnFamily, via } from './via.js'

/** `RTNH_F_*` as `ip route` prints them, linux/rtnetlink.h. */
const hopFlagNames = {
  dead: 1,
  pervasive: 2,
  onlink: 4,
  offload: 8,
  linkdown: 16,
  unresolved: 32,
  trap: 64
} as const

/** The flags that the kernel alone sets; they are left out when a hop that was read is written. */
export const hopStatus = 1 | 8 | 16 | 32 | 64

const allHopFlags = flags(u8, hopFlagNames)

/** The flags of a hop, without those of its status when writing. */
const hopFlags: typeof allHopFlags = {
  ...allHopFlags,
  write: (writer, value) => writer.u8(allHopFlags.maskOf(value) & ~hopStatus)
}

const expectedWeight = 'a weight from 1 to 256'

/** The kernel stores one less. */
const weight: Type<number> = {
  expected: expectedWeight,
  size: 1,
  write(writer, value) {
    if (typeof value !== 'number') invalidType(value, expectedWeight)
    if (!Number.isInteger(value) || value < 1 || value > 256) invalidRange(value, expectedWeight)
    writer.u8(value - 1)
  },
  read: (bytes, offset) => bytes[offset]! + 1
}

/** `struct rtnexthop` and the attributes after it, linux/rtnetlink.h; its length, in the first two bytes, aside. */
const nextHop = record(
  {
    link: header(4, u32, { absent: 0 }),
    gateway: attribute(5, ip),
    via: attribute(18, via),
    weight: header(3, weight),
    flags: header(2, hopFlags),
    encap: encapsulation(21, 22),
    realms: attribute(11, realms),
    newDestination: attribute(19, mplsLabels)
  },
  { headerSize: 8, what: 'a next hop' }
)

/** One of several hops of a route, as the kernel has it. */
export type RouteNextHop = OutputOf<typeof nextHop>

/** A hop on the wire: its link by its index. */
export type RouteNextHopInput = InputOf<typeof nextHop>

const expected = 'an array of at least one next hop: { gateway?, link?, weight? }'

/** `RTA_MULTIPATH`: hops one after the other, each with its length before it. */
export const nextHops: Field<RouteNextHop[], readonly RouteNextHopInput[]> = {
  types: [9],
  write(writer, value, base) {
    if (!Array.isArray(value)) invalidType(value, expected)
    const hops = value as readonly RouteNextHopInput[]
    if (hops.length === 0) invalidRange(hops, expected)
    const family = writer.bytes[base]!
    const attributeStart = writer.beginAttribute(9)
    for (let i = 0; i < hops.length; i++) {
      const start = writer.position
      within(i, () => {
        checkFamily(hops[i]!, family)
        nextHop.write(writer, hops[i]!)
      })
      const length = writer.position - start
      writer.bytes[start] = length
      writer.bytes[start + 1] = length >>> 8
    }
    writer.endAttribute(attributeStart)
  },
  readAttribute(target, key, bytes, offset, length, _number, options) {
    const hops: RouteNextHop[] = []
    for (const [at, size] of each(bytes, offset, length)) hops.push(nextHop.read(bytes, at, size, options))
    target[key] = hops
    return true
  },
  locate(bytes, offset, length, wanted) {
    let i = 0
    for (const [at, size] of each(bytes, offset, length)) {
      if (wanted >= at && wanted < at + size) {
        const inner = nextHop.locate(bytes, at, size, wanted)
        return inner === undefined ? `[${i}]` : `[${i}].${inner}`
      }
      i++
    }
    return undefined
  }
}

function* each(bytes: Uint8Array, offset: number, length: number): Generator<[number, number]> {
  const end = offset + length
  let at = offset
  while (at + nextHop.headerSize <= end) {
    const size = bytes[at]! | (bytes[at + 1]! << 8)
    if (size < nextHop.headerSize || at + size > end) return
    yield [at, size]
    at += (size + 3) & ~3
  }
}

function checkFamily(hop: RouteNextHopInput, family: number): void {
  const { gateway, via } = (hop as RouteNextHopInput | null | undefined) ?? {}
  if (via !== undefined) within('via', () => refuseOwnFamily(via, family))
  if (typeof gateway !== 'string' || (family !== AF_INET && family !== AF_INET6)) return
  const name = family === AF_INET ? 'inet' : 'inet6'
  if (familyOf(gateway) !== name) {
    within('gateway', () => invalidType(gateway, `of family ${name}, as the route; or use via`))
  }
}
