import {
  compile,
  attribute,
  enumeration,
  header,
  ip,
  present,
  readOnly,
  record,
  text,
  u32,
  u8
} from '../../codec/index.js'
import type { Source } from '../../codec/index.js'
import { family } from '../rtnetlink.js'
import { addressFlagsField } from './flags.js'
import { preferredLifetimeField, validLifetimeField } from './lifetimes.js'
import { addressField, broadcastField, peerField } from './local.js'

/** Message types, linux/rtnetlink.h. */
export const RTM_NEWADDR = 20
export const RTM_DELADDR = 21
export const RTM_GETADDR = 22

/** `RT_SCOPE_*`, linux/rtnetlink.h. */
export const scope = enumeration(u8, { global: 0, site: 200, link: 253, host: 254, nowhere: 255 })

/** `IFAPROT_*`, linux/if_addr.h (Linux 5.18): who added the address. */
export const addressProtocol = enumeration(u8, { kernel_lo: 1, kernel_ra: 2, kernel_ll: 3 })

/** What iproute2 fills in. The kernel would take 127.0.0.2 for a global address. */
function defaultScope({ address }: Source): 'host' | 'global' {
  return typeof address === 'string' && address.startsWith('127.') ? 'host' : 'global'
}

/** `struct ifaddrmsg` and `IFA_*`, linux/if_addr.h: an address as it lies on the wire. */
export const addressMessage = compile(
  record(
    {
      family: present(readOnly(header(0, family))),
      link: present(header(4, u32.within({ min: 1, max: 0x7fffffff }))),
      peer: peerField,
      address: addressField,
      broadcast: broadcastField,
      anycast: readOnly(attribute(5, ip)),
      label: attribute(3, text(15)),
      scope: header(3, scope, { default: defaultScope }),
      flags: addressFlagsField,
      preferredLifetime: preferredLifetimeField,
      validLifetime: validLifetimeField,
      priority: attribute(9, u32),
      protocol: attribute(11, addressProtocol)
    },
    { headerSize: 8, what: 'an address' }
  )
)
