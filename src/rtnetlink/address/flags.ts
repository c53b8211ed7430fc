import { flags, u32 } from '../../codec/index.js'
import type { Field } from '../../codec/index.js'
import { AF_INET6 } from '../rtnetlink.js'

/** Where `struct ifaddrmsg` holds the lowest flags; `IFA_FLAGS` holds all. */
const flagsOffset = 2
const IFA_FLAGS = 8

const common = {
  nodad: 0x02,
  optimistic: 0x04,
  dadfailed: 0x08,
  home: 0x10,
  deprecated: 0x20,
  tentative: 0x40,
  permanent: 0x80,
  mngtmpaddr: 0x100,
  noprefixroute: 0x200,
  autojoin: 0x400,
  'stable-privacy': 0x800
} as const

/** `IFA_F_*`, linux/if_addr.h, as `ip address` prints them: the lowest bit means another thing in IPv6. */
export const addressFlags = flags(u32, { secondary: 0x01, ...common, temporary: 0x01 })
const inetFlags = flags(u32, { secondary: 0x01, ...common })
const inet6Flags = flags(u32, { temporary: 0x01, ...common })

export type AddressFlag = keyof typeof addressFlags.names | number

/** The flags that can be given to an IPv6 address; an IPv4 address takes the last two. */
export const settableFlags = [
  'nodad',
  'optimistic',
  'home',
  'mngtmpaddr',
  'noprefixroute',
  'autojoin'
] as const
export const settableInetFlags: readonly AddressFlag[] = ['noprefixroute', 'autojoin']

/** By the family of the address that is being read. */
let namesOf: (mask: number) => AddressFlag[] = inetFlags.namesOf

/** The flags as one array, though the lowest lie in the header and all in an attribute. */
export const addressFlagsField: Field<AddressFlag[], readonly AddressFlag[]> & { readonly present: true } = {
  types: [IFA_FLAGS],
  present: true,
  headerEnd: flagsOffset + 1,
  write(writer, value, base) {
    const mask = addressFlags.maskOf(value)
    writer.bytes[base + flagsOffset] = mask
    const start = writer.beginAttribute(IFA_FLAGS)
    writer.u32(mask)
    writer.endAttribute(start)
  },
  readHeader(target, key, bytes, base) {
    namesOf = bytes[base] === AF_INET6 ? inet6Flags.namesOf : inetFlags.namesOf
    target[key] = namesOf(bytes[base + flagsOffset]!)
  },
  readAttribute(target, key, bytes, offset, length) {
    if (length < 4) return false
    target[key] = namesOf(u32.read(bytes, offset, length))
    return true
  }
}
