/** Families as rtnetlink numbers them (linux/socket.h), by the names that `ip` prints. */
import { enumeration, u8 } from '../codec/index.js'

export const NETLINK_ROUTE = 0

export const AF_UNSPEC = 0
export const AF_INET = 2
export const AF_BRIDGE = 7
export const AF_INET6 = 10
export const AF_MPLS = 28

export type Family = 'inet' | 'inet6' | 'bridge' | 'mpls'

/** The family byte that begins every rtnetlink header; 0 is "any" and reads as absent where allowed. */
export const family = enumeration(u8, { inet: AF_INET, inet6: AF_INET6, bridge: AF_BRIDGE, mpls: AF_MPLS })
