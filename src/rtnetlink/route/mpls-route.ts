import {
  attribute,
  be32,
  bool8,
  invalidRange,
  invalidType,
  invalidValue,
  present,
  record,
  required
} from '../../codec/index.js'
import type { Field } from '../../codec/index.js'
import { mplsLabels } from './encapsulation/index.js'
import { routeFields, routeHeaderSize, routeSelector } from './schema.js'

const RTA_DST = 1
const labelBits = 20
const highestLabel = 0xfffff
const expected = `an MPLS label from 0 to ${highestLabel}, in digits`

/** The incoming label: in `RTA_DST`, with a length of 20 bits in the header. */
const label: Field<string, string> = {
  types: [RTA_DST],
  write(writer, value, base) {
    if (typeof value !== 'string') invalidType(value, expected)
    if (!/^[0-9]{1,7}$/.test(value)) invalidValue(value, expected)
    if (Number(value) > highestLabel) invalidRange(value, expected)
    writer.bytes[base + 1] = labelBits
    const start = writer.beginAttribute(RTA_DST)
    mplsLabels.write(writer, [Number(value)])
    writer.endAttribute(start)
  },
  readAttribute(target, key, bytes, offset, length) {
    if (length < be32.size) return false
    target[key] = String(be32.read(bytes, offset, length) >>> 12)
    return true
  }
}

const { family, type, table, protocol, scope, flags, via, link, nextHops } = routeFields

/** An MPLS route: an incoming label, and what takes its place (linux/rtnetlink.h, net/mpls/af_mpls.c). */
export const mplsRouteMessage = record(
  {
    family,
    type,
    destination: present(required(label)),
    table,
    protocol,
    scope,
    flags,
    via,
    link,
    newDestination: attribute(19, mplsLabels),
    ttlPropagate: attribute(26, bool8),
    nextHops
  },
  { headerSize: routeHeaderSize, what: 'an MPLS route: an object with its destination, a label' }
)

/** What an MPLS route to delete must match. */
export const mplsRouteSelector = record(
  { ...mplsRouteMessage.fields, protocol: routeSelector.fields.protocol },
  { headerSize: routeHeaderSize, what: mplsRouteMessage.expected }
)
