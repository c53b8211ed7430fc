import { be16, enumeration, header, u8 } from '../../codec/index.js'

/** linux/netlink.h */
export const NETLINK_NETFILTER = 12

/** `NFNL_SUBSYS_*`, linux/netfilter/nfnetlink.h: the upper byte of a message type. */
export const NFNL_SUBSYS_CTNETLINK = 1
export const NFNL_SUBSYS_CTNETLINK_EXP = 2

/** Bytes of `struct nfgenmsg`, linux/netfilter/nfnetlink.h. */
export const nfgenSize = 4

/** The type of a message of a subsystem. */
export const messageType = (subsystem: number, message: number): number => (subsystem << 8) | message

/** `NFPROTO_*` of what is tracked, linux/netfilter.h. */
export const family = enumeration(u8, { inet: 2, inet6: 10 })

/** `struct nfgenmsg`: the family is that of the object, or 0 for any. */
export const nfgenFamily = header(0, family)

/** `struct nfgenmsg`: what a resource id stands for depends on the message. */
export const nfgenResource = header(2, be16)
