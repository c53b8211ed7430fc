import { enumeration, u8 } from '../../codec/index.js'
import type { InputOf } from '../../codec/index.js'

/** `NFPROTO_*`, linux/netfilter.h, of the families that have tables, as nft names them. */
export const nftFamily = enumeration(u8, { inet: 1, ip: 2, arp: 3, netdev: 5, bridge: 7, ip6: 10 })

/**
 * The family of a table: which packets its chains see. `'inet'` sees IPv4 and IPv6; `'netdev'` those of some
 * devices, before and after everything else.
 */
export type NftFamily = Extract<InputOf<typeof nftFamily>, string>
