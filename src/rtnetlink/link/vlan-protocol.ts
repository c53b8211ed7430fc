import { be16, enumeration } from '../../codec/index.js'

/** The protocol of a VLAN tag, as `ip` prints it: `ETH_P_8021Q` and `ETH_P_8021AD`, linux/if_ether.h. */
export const vlanProtocol = enumeration(be16, { '802.1Q': 0x8100, '802.1ad': 0x88a8 })
