import { invalidType, u16, u32, within } from '../../codec/index.js'
import type { Type } from '../../codec/index.js'

/** Routing realms, by their numbers: `ip route … realm FROM/TO`. */
export interface Realms {
  readonly from?: number | undefined
  readonly to: number
}

const expected = 'an object { from?, to } of realm numbers'

/** `RTA_FLOW`: the source realm in the upper half, the destination's in the lower. */
export const realms: Type<Realms> = {
  expected,
  size: 4,
  write(writer, value) {
    if (typeof value !== 'object' || value === null) invalidType(value, expected)
    within('to', () => u16.write(writer, value.to))
    within('from', () => u16.write(writer, value.from ?? 0))
  },
  read(bytes, offset) {
    const both = u32.read(bytes, offset, 4)
    const from = both >>> 16
    const to = both & 0xffff
    return from === 0 ? { to } : { from, to }
  }
}
