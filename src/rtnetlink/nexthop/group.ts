import { InvalidType, invalidRange, invalidType, u16, u32, u8, within } from '../../codec/index.js'
import type { Type } from '../../codec/index.js'

/** One next hop of a group. */
export interface NextHopGroupMember {
  readonly id: number
  /** Its share of the traffic: 1 to 256, and to 65535 from Linux 6.12 on. 1 by default. */
  readonly weight: number
}

export interface NextHopGroupMemberSpec {
  readonly id: number
  readonly weight?: number | undefined
}

const expected = 'a member of a group: { id, weight? }'
const expectedWeight = 'a weight from 1 to 65535'
const idType = u32.within({ min: 1 })

/** `struct nexthop_grp`, linux/nexthop.h. The weight is stored as one less, its upper byte after the lower. */
export const groupMember: Type<NextHopGroupMember, NextHopGroupMemberSpec> = {
  expected,
  size: 8,
  write(writer, value) {
    if (typeof value !== 'object' || value === null) invalidType(value, expected)
    const { id, weight = 1, ...rest } = value
    for (const key of Object.keys(rest)) {
      throw new InvalidType(rest[key as never], `no key of ${expected}`, 'ERR_UNKNOWN_FIELD').within(key)
    }
    within('id', () => idType.write(writer, id))
    within('weight', () => {
      if (typeof weight !== 'number') invalidType(weight, expectedWeight)
      if (!Number.isInteger(weight) || weight < 1 || weight > 0xffff) invalidRange(weight, expectedWeight)
    })
    u8.write(writer, (weight - 1) & 0xff)
    u8.write(writer, (weight - 1) >>> 8)
    u16.write(writer, 0)
  },
  read: (bytes, offset) => ({
    id: u32.read(bytes, offset, 4),
    weight: (bytes[offset + 4]! | (bytes[offset + 5]! << 8)) + 1
  })
}
