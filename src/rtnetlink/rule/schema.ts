import {
  compile,
  attribute,
  be32,
  be64,
  bool8,
  enumeration,
  flags,
  header,
  headerBit,
  interfaceName,
  prefix,
  record,
  u16,
  u32,
  u8
} from '../../codec/index.js'
import type { Field, InputOf, OutputOf } from '../../codec/index.js'
import { ipProtocol } from '../ip-protocol.js'
import { routeProtocol } from '../route-protocol.js'
import { realms } from '../route/realms.js'
import { family } from '../rtnetlink.js'
import { table } from '../table-names.js'
import { unless } from './fields.js'
import { range } from './range.js'

/** Message types, linux/rtnetlink.h. */
export const RTM_NEWRULE = 32
export const RTM_DELRULE = 33
export const RTM_GETRULE = 34

/** `FR_ACT_*`, linux/fib_rules.h, as `ip rule` prints them. */
export const ruleAction = enumeration(u8, {
  lookup: 1,
  goto: 2,
  nop: 3,
  blackhole: 6,
  unreachable: 7,
  prohibit: 8
})

/** `FIB_RULE_*`, linux/fib_rules.h, but for `FIB_RULE_INVERT`: the kernel's remarks on a rule. */
export const ruleFlags = flags(u32, {
  permanent: 0x01,
  unresolved: 0x04,
  iif_detached: 0x08,
  oif_detached: 0x10
})

/** `FIB_RULE_INVERT`; reads as true or absent. */
const invert: Field<boolean, boolean> = {
  ...headerBit(8, 0x02),
  readHeader(target, key, bytes, base) {
    if ((bytes[base + 8]! & 0x02) !== 0) target[key] = true
  }
}

/** Absent where the kernel has nothing to remark. */
const remarks: Field<OutputOf<typeof ruleFlags>, never> = {
  types: [],
  headerEnd: 12,
  readHeader(target, key, bytes, base) {
    const mask = u32.read(bytes, base + 8, 4) & ~0x02
    if (mask !== 0) target[key] = ruleFlags.namesOf(mask)
  }
}

const wholeMask = 0xffffffff

/** Comes after the mark, which the kernel leaves out when it is 0: a mask tells that there is one. */
const markMask: Field<number, number> = {
  ...unless(16, u32, wholeMask),
  readAttribute(target, key, bytes, offset, length) {
    if (length < 4) return false
    const mask = u32.read(bytes, offset, length)
    target['mark'] ??= 0
    if (mask !== wholeMask) target[key] = mask
    return true
  }
}

/** `struct fib_rule_hdr` and `FRA_*`, linux/fib_rules.h. */
export const ruleMessage = compile(
  record(
    {
      family: header(0, family),
      invert,
      priority: attribute(6, u32),
      source: prefix({ attribute: 2, lengthOffset: 2, familyOffset: 0, zero: 'absent', hostBits: 'keep' }),
      destination: prefix({
        attribute: 1,
        lengthOffset: 1,
        familyOffset: 0,
        zero: 'absent',
        hostBits: 'keep'
      }),
      tos: header(3, u8, { absent: 0 }),
      dscp: attribute(25, u8.within({ max: 63 })),
      dscpMask: unless(30, u8.within({ max: 63 }), 63),
      flowLabel: attribute(26, be32.within({ max: 0xfffff })),
      flowLabelMask: unless(27, be32.within({ max: 0xfffff }), 0xfffff),
      mark: attribute(10, u32),
      markMask,
      inputLink: attribute(3, interfaceName),
      outputLink: attribute(17, interfaceName),
      ipProtocol: attribute(22, ipProtocol),
      sourcePort: attribute(23, range(u16.within({ min: 1 }), 'a port')),
      sourcePortMask: unless(28, u16, 0xffff),
      destinationPort: attribute(24, range(u16.within({ min: 1 }), 'a port')),
      destinationPortMask: unless(29, u16, 0xffff),
      uidRange: attribute(20, range(u32, 'a user id')),
      tunnelId: attribute(12, be64),
      l3mdev: attribute(19, bool8),
      action: header(7, ruleAction),
      table: unless(15, table, 0),
      goto: attribute(4, u32.within({ min: 1 })),
      suppressPrefixLength: unless(14, u32.within({ max: 128 }), wholeMask),
      suppressInterfaceGroup: unless(13, u32, wholeMask),
      realms: attribute(11, realms),
      protocol: unless(21, routeProtocol, 'unspec'),
      flags: remarks
    },
    { headerSize: 12, what: 'a rule' }
  )
)

export type RuleMessage = OutputOf<typeof ruleMessage>
export type RuleMessageInput = InputOf<typeof ruleMessage>
