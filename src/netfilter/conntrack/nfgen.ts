import { be16, enumeration, header, u8 } from '../../codec/index.js'

/** `NFPROTO_*` of what is tracked, linux/netfilter.h. */
export const family = enumeration(u8, { inet: 2, inet6: 10 })

/** `struct nfgenmsg`, linux/netfilter/nfnetlink.h: the family is that of the object, or 0 for any. */
export const nfgenFamily = header(0, family)

/** `struct nfgenmsg`: what a resource id stands for depends on the message. */
export const nfgenResource = header(2, be16)
