import type { InputOf, OutputOf, UnknownAttribute } from '../../codec/index.js'
import type { Message } from '../../netlink/index.js'
import type { LinkRef } from '../link-ref.js'
import type { AddressFlag, settableFlags } from './flags.js'
import { addressMessage } from './schema.js'
import type { addressProtocol, scope } from './schema.js'

/** An address of a link, as the kernel has it (`ip address`). */
export interface Address {
  readonly family: 'inet' | 'inet6'
  /** The index of the link that has it. */
  readonly link: number
  /** The local address with its prefix length; of a point-to-point address, with the full length. */
  readonly address: string
  /** The other end of a point-to-point address, with the prefix length. */
  readonly peer?: string
  /** IPv4 only. */
  readonly broadcast?: string
  readonly anycast?: string
  /** IPv4 only: the link's name, or `name:something`. */
  readonly label?: string
  readonly scope: OutputOf<typeof scope>
  /** As `ip address` prints them; an address without `'permanent'` has a lifetime. */
  readonly flags: readonly AddressFlag[]
  /** Seconds; `Infinity` for ever. */
  readonly validLifetime?: number
  /** Seconds until it is deprecated; `Infinity` for ever. */
  readonly preferredLifetime?: number
  /** The metric of its prefix route. */
  readonly priority?: number
  /** Who added it (Linux 5.18). */
  readonly protocol?: OutputOf<typeof addressProtocol>
  readonly unknown?: readonly UnknownAttribute[]
}

/** An address to add. A string stands for `{ address }`. */
export interface AddressSpec {
  /** `'10.0.0.2/24'`; without a length, the whole address. */
  readonly address: string
  /** The other end of a point-to-point link; a length given here is the prefix's. */
  readonly peer?: string | undefined
  /**
   * `'auto'` is the subnet's last address, as `ip address add … broadcast +`; a /31 or /32 has none. IPv4
   * only. None by default.
   */
  readonly broadcast?: string | undefined
  /** IPv4 only; at most 15 bytes, beginning with the link's name, which is the default. */
  readonly label?: string | undefined
  /** `'host'` for 127.0.0.0/8, otherwise `'global'`: as iproute2 fills it in. For IPv6 the kernel knows it. */
  readonly scope?: InputOf<typeof scope> | undefined
  /**
   * `'noprefixroute'`: make no route for its prefix. `'autojoin'`: join its multicast group. IPv6 only:
   * `'nodad'`, `'optimistic'`: without duplicate address detection, or without waiting for it; `'home'`: a
   * home address of mobile IPv6; `'mngtmpaddr'`: make temporary addresses after it.
   */
  readonly flags?: readonly (typeof settableFlags)[number][] | undefined
  /** Seconds, 1 or more; `Infinity`, the default, is for ever. */
  readonly validLifetime?: number | undefined
  /** Seconds, at most `validLifetime`, which is the default. */
  readonly preferredLifetime?: number | undefined
  /** The metric of its prefix route. */
  readonly priority?: number | undefined
  /** Linux 5.18 and later. */
  readonly protocol?: InputOf<typeof addressProtocol> | undefined
}

/** An address to add, with the link that is to have it. */
export interface LinkAddressSpec extends AddressSpec {
  readonly link: LinkRef
}

/** What names an address of a link: an `Address` will do. */
export type AddressKey = Pick<AddressSpec, 'address' | 'peer' | 'label'>

/** Reads an address out of its message. */
export function readAddress(message: Message): Address {
  return addressMessage.read(message.bytes, message.offset, message.length) as Address
}
