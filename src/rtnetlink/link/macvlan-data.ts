import { attribute, enumeration, flags, i32, list, mac, readOnly, u16, u32 } from '../../codec/index.js'
import type { Field } from '../../codec/index.js'

/** `MACVLAN_MODE_*`, linux/if_link.h */
const mode = enumeration(u32, { private: 1, vepa: 2, bridge: 4, passthru: 8, source: 16 })

/** `MACVLAN_FLAG_*` */
const macvlanFlags = flags(u16, { nopromisc: 1, nodst: 2 })

const addressMode = attribute(3, u32)
const MACVLAN_MACADDR_SET = 3
const addresses = attribute(5, list(mac, 4))

/** The whole set of addresses, which takes two attributes to write. */
const sourceAddresses: Field<string[], readonly string[]> = {
  ...addresses,
  write(writer, value, base, source) {
    addressMode.write!(writer, MACVLAN_MACADDR_SET, base, source)
    addresses.write!(writer, value, base, source)
  }
}

/** `IFLA_MACVLAN_*`, linux/if_link.h: what macvlan and macvtap links have. */
export const macvlanData = {
  /** `'vepa'` by default. Passthru can't be entered or left later. */
  mode: attribute(1, mode),
  flags: attribute(2, macvlanFlags),
  /** Mode `'source'` only: from whom packets are taken. What is given replaces what was there. */
  sourceAddresses,
  sourceAddressCount: readOnly(attribute(6, u32)),
  /** How many broadcasts may wait for the links of a parent; the largest wish counts (Linux 5.11). */
  broadcastQueueLength: attribute(7, u32),
  broadcastQueueLengthUsed: readOnly(attribute(8, u32)),
  /** Broadcasts to at most so many links are delivered at once; −1 queues them always (Linux 6.4). */
  broadcastCutoff: attribute(9, i32)
}
