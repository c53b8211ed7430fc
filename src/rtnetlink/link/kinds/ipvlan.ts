import { attribute, enumeration, flags, u16 } from '../../../codec/index.js'
import { defineKind } from '../kind.js'

/** `IPVLAN_MODE_*`, linux/if_link.h */
const mode = enumeration(u16, { l2: 0, l3: 1, l3s: 2 })

/** `IPVLAN_F_*`; with neither, links of one parent reach each other (bridge mode). */
const ipvlanFlags = flags(u16, { private: 1, vepa: 2 })

/** Shares the MAC address of another link, `link`, and tells by the IP address whose a packet is (`IFLA_IPVLAN_*`). */
export const ipvlan = defineKind({
  name: 'ipvlan',
  needsLink: true,
  data: {
    /** `'l3'` by default. One for all links of a parent. */
    mode: attribute(1, mode),
    flags: attribute(2, ipvlanFlags)
  }
})
