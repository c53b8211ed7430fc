import { be32, enumeration } from '../../codec/index.js'

/**
 * `NFT_REG_*`, linux/netfilter/nf_tables.h: 1 to 4 hold 16 bytes each; 8 to 23 are the same memory in parts of
 * 4 bytes. A value written to `'verdict'` decides about the packet.
 */
export const register = enumeration(be32, { verdict: 0 })
