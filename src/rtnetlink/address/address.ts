import { InvalidType, familyOf, invalidType, parsePrefix, within } from '../../codec/index.js'
import type { InputOf, OutputOf, UnknownAttribute } from '../../codec/index.js'
import type { Message } from '../../netlink/index.js'
import { addressFlags, addressMessage, type addressProtocol, type scope } from './schema.js'
import type { AddressMessageInput } from './schema.js'

/** An address of a link, as the kernel has it. */
export interface Address {
  readonly family: 'inet' | 'inet6'
  /** The index of the link that has it. */
  readonly link: number
  /** The local address with its prefix length; of a point-to-point address, with the full length. */
  readonly address: string
  /** The other end of a point-to-point address, with the prefix length. */
  readonly peer?: string
  readonly broadcast?: string
  readonly anycast?: string
  /** IPv4 only: the link's name, or `name:something`. */
  readonly label?: string
  readonly scope: OutputOf<typeof scope>
  readonly flags: OutputOf<typeof addressFlags>
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
  /** `'auto'` is the subnet's last address, as `ip address add … broadcast +`. IPv4 only. None by default. */
  readonly broadcast?: string | undefined
  readonly anycast?: string | undefined
  /** IPv4 only; at most 15 bytes, beginning with the link's name. The link's name by default. */
  readonly label?: string | undefined
  /** `'host'` for 127.0.0.0/8, otherwise `'global'`: as iproute2 fills it in. */
  readonly scope?: InputOf<typeof scope> | undefined
  readonly flags?: InputOf<typeof addressFlags> | undefined
  /** Seconds; `Infinity`, the default, is for ever. 0 is refused by the kernel. */
  readonly validLifetime?: number | undefined
  /** Seconds, at most `validLifetime`; `Infinity` is the default. */
  readonly preferredLifetime?: number | undefined
  /** The metric of its prefix route. */
  readonly priority?: number | undefined
  /** Linux 5.18 and later. */
  readonly protocol?: InputOf<typeof addressProtocol> | undefined
}

const forever = 0xffffffff

/** Turns a spec into what goes on the wire, with iproute2's defaults. */
export function addressInput(spec: AddressSpec | string, index: number): AddressMessageInput {
  const given = typeof spec === 'string' ? { address: spec } : spec
  if (typeof given !== 'object' || given === null) invalidType(spec, 'an address: a string or an object')
  const { address, peer, broadcast, validLifetime, preferredLifetime, ...rest } = given
  const local = within('address', () => parsePrefix(address))
  const remote = peer === undefined ? undefined : within('peer', () => parsePrefix(peer))
  if (remote !== undefined && remote.family !== local.family) {
    throw new InvalidType(peer, `of the same family as ${address}`, 'ERR_INVALID_ARG_VALUE').within('peer')
  }
  const family = local.family
  const prefixLength = remote?.length ?? local.length
  return {
    scope: family === 'inet' && local.address.startsWith('127.') ? 'host' : 'global',
    ...rest,
    family,
    index,
    prefixLength,
    local: local.address,
    address: remote?.address ?? local.address,
    broadcast: broadcast === undefined ? undefined : within('broadcast', () => broadcastOf(broadcast, local)),
    cacheInfo:
      validLifetime === undefined && preferredLifetime === undefined
        ? undefined
        : {
            validLifetime: within('validLifetime', () => lifetime(validLifetime)),
            preferredLifetime: within('preferredLifetime', () => lifetime(preferredLifetime ?? validLifetime))
          }
  }
}

function lifetime(seconds: number | undefined): number {
  return seconds === undefined || seconds === Infinity ? forever : seconds
}

function broadcastOf(given: string, local: ReturnType<typeof parsePrefix>): string {
  if (given !== 'auto') {
    if (familyOf(given) === 'inet6' || local.family === 'inet6')
      invalidType(given, 'an IPv4 address, for an IPv4 address')
    return given
  }
  if (local.family === 'inet6') invalidType(given, 'absent: IPv6 has no broadcast')
  const quad = local.address.split('.').reduce((number, octet) => number * 256 + Number(octet), 0)
  // A /31 or /32 has no broadcast address (RFC 3021).
  const hosts = local.length >= 31 ? 0 : 2 ** (32 - local.length) - 1
  const last = quad - (quad % (hosts + 1)) + hosts
  return [24, 16, 8, 0].map((shift) => (last >>> shift) & 0xff).join('.')
}

/** Reads an address out of its message. */
export function readAddress(message: Message): Address {
  const wire = addressMessage.read(message.bytes, message.offset, message.length)
  const {
    family,
    index,
    prefixLength,
    local,
    address,
    cacheInfo,
    flags,
    multicast: _multicast,
    ...rest
  } = wire
  const own = local ?? address ?? ''
  const isPeer = local !== undefined && address !== undefined && local !== address
  return {
    ...rest,
    family: family as 'inet' | 'inet6',
    link: index,
    address: isPeer ? `${own}/${family === 'inet' ? 32 : 128}` : `${own}/${prefixLength}`,
    ...(isPeer ? { peer: `${address}/${prefixLength}` } : {}),
    flags: flags ?? addressFlags.namesOf(message.bytes[message.offset + 2]!),
    ...(cacheInfo === undefined
      ? {}
      : {
          validLifetime: seconds(cacheInfo.validLifetime),
          preferredLifetime: seconds(cacheInfo.preferredLifetime)
        })
  }
}

function seconds(value: number): number {
  return value === forever ? Infinity : value
}
