import { be16, enumeration } from '../../../codec/index.js'

/** `NFPROTO_*`, linux/netfilter.h, of objects of connection tracking. */
export const l3protocol = enumeration(be16, { inet: 1, ip: 2, ip6: 10 })
