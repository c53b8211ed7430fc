import {
  attribute,
  attributeBit,
  invalidRange,
  invalidType,
  isInvalid,
  list,
  present,
  required,
  struct,
  header,
  u16,
  u32
} from '../../../codec/index.js'
import type { Type } from '../../../codec/index.js'
import { fixed } from '../fixed.js'
import { defineKind } from '../kind.js'
import { vlanProtocol } from '../vlan-protocol.js'

/** `struct ifla_vlan_flags` */
const flag = (mask: number) => attributeBit(2, mask, { masked: true })

/** `struct ifla_vlan_qos_mapping` */
const mapping = struct(8, { from: present(header(0, u32)), to: present(header(4, u32)) })

/** `IFLA_VLAN_QOS_MAPPING` */
const mappings = list(mapping, 1)

const expected = 'an object of priorities by priority, such as { 0: 2, 1: 3 }'

/** A map of priorities; both sides are numbers. `maxFrom` and `maxTo` are 7 where they lie in the tag. */
function qosMap(maxFrom: number, maxTo: number): Type<Record<number, number>> {
  return {
    expected,
    size: 0,
    nested: true,
    write(writer, value) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) invalidType(value, expected)
      const pairs = Object.entries(value).map(([key, to]) => {
        try {
          const from = Number(key)
          if (!/^[0-9]+$/.test(key) || from > maxFrom) invalidRange(key, `a priority from 0 to ${maxFrom}`)
          if (typeof to !== 'number') invalidType(to, 'a number')
          if (to > maxTo) invalidRange(to, `a priority from 0 to ${maxTo}`)
          return { from, to }
        } catch (error) {
          throw isInvalid(error) ? error.within(key) : error
        }
      })
      mappings.write(writer, pairs)
    },
    read(bytes, offset, length) {
      const pairs = mappings.read(bytes, offset, length)
      return Object.fromEntries(pairs.map(({ from, to }) => [from, to]))
    }
  }
}

/** A VLAN on top of another link, which is given as `link` (`IFLA_VLAN_*`; vlan in ip-link(8)). */
export const vlan = defineKind({
  name: 'vlan',
  needsLink: true,
  data: {
    /** 0 to 4094. */
    id: fixed(present(required(attribute(1, u16.within({ max: 4094 }))))),
    /** `'802.1Q'` by default. */
    protocol: fixed(attribute(5, vlanProtocol)),
    /** Tags are hidden from what listens on the link. On by default. */
    reorderHeader: flag(0x1),
    gvrp: flag(0x2),
    /** Its state doesn't follow that of the link below. */
    looseBinding: flag(0x4),
    mvrp: flag(0x8),
    /** Its state follows that of the bridge's ports in the VLAN. */
    bridgeBinding: flag(0x10),
    /** The priority in the tag of what goes out, by the packet's priority. A change adds to what is there. */
    egressQosMap: attribute(3, qosMap(0xffffffff, 7)),
    /** The priority of packets that come in, by the priority in their tag. A change adds to what is there. */
    ingressQosMap: attribute(4, qosMap(7, 0xffffffff))
  }
})
