import {
  attribute,
  enumeration,
  flags,
  header,
  ip,
  readOnly,
  record,
  text,
  u32,
  u8
} from '../../codec/index.js'
import type { InputOf, OutputOf } from '../../codec/index.js'
import { family } from '../rtnetlink.js'

/** Message types, linux/rtnetlink.h. */
export const RTM_NEWADDR = 20
export const RTM_DELADDR = 21
export const RTM_GETADDR = 22

/** `RT_SCOPE_*`, linux/rtnetlink.h. */
export const scope = enumeration(u8, { global: 0, site: 200, link: 253, host: 254, nowhere: 255 })

/** `IFA_F_*`, linux/if_addr.h, as `ip address` prints them. */
export const addressFlags = flags(u32, {
  secondary: 0x01,
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
})

/** `IFAPROT_*`, linux/if_addr.h (Linux 5.18): who added the address. */
export const addressProtocol = enumeration(u8, { kernel_lo: 1, kernel_ra: 2, kernel_ll: 3 })

/** `struct ifa_cacheinfo`: lifetimes in seconds, time stamps in hundredths of a second since boot. */
const cacheInfo = record(
  {
    preferredLifetime: header(0, u32),
    validLifetime: header(4, u32),
    created: readOnly(header(8, u32)),
    updated: readOnly(header(12, u32))
  },
  { headerSize: 16 }
)

/** `struct ifaddrmsg` and `IFA_*`, linux/if_addr.h: an address as it lies on the wire. */
export const addressMessage = record(
  {
    family: header(0, family),
    prefixLength: header(1, u8),
    scope: header(3, scope),
    index: header(4, u32),
    address: attribute(1, ip),
    local: attribute(2, ip),
    label: attribute(3, text(15)),
    broadcast: attribute(4, ip),
    anycast: attribute(5, ip),
    cacheInfo: attribute(6, cacheInfo),
    multicast: readOnly(attribute(7, ip)),
    flags: attribute(8, addressFlags),
    priority: attribute(9, u32),
    targetNamespaceId: attribute(10, u32),
    protocol: attribute(11, addressProtocol)
  },
  { headerSize: 8, what: 'an address' }
)

export type AddressMessage = OutputOf<typeof addressMessage>
export type AddressMessageInput = InputOf<typeof addressMessage>
