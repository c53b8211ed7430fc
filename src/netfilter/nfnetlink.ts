import type { Writer } from '../codec/index.js'

/** linux/netlink.h */
export const NETLINK_NETFILTER = 12

/** `NFNL_SUBSYS_*`, linux/netfilter/nfnetlink.h: the upper byte of a message's type. */
export const subsystem = { conntrack: 1, expectation: 2, nftables: 10 } as const

/** `NFNL_MSG_BATCH_*`, linux/netfilter/nfnetlink.h */
export const NFNL_MSG_BATCH_BEGIN = 16
export const NFNL_MSG_BATCH_END = 17

/** `NFNL_BATCH_GENID`, linux/netfilter/nfnetlink.h */
const NFNL_BATCH_GENID = 1

/** Bytes of `struct nfgenmsg`, linux/netfilter/nfnetlink.h, with which every message begins. */
export const nfgenmsgSize = 4

/** The type of a message of a subsystem. */
export function nfnetlinkType(system: number, message: number): number {
  return (system << 8) | message
}

/** Appends the header of a message whose resource id is 0. */
export function writeNfgenmsg(writer: Writer, family: number, resource = 0): void {
  writer.u8(family)
  writer.u8(0)
  writer.u8(resource >>> 8)
  writer.u8(resource)
}

/**
 * Appends the payload of the message that begins a transaction of `system`. With a generation, the kernel
 * refuses the transaction (`ERESTART`) if the current one is another.
 */
export function writeBatchBegin(writer: Writer, system: number, generation?: number): void {
  writeNfgenmsg(writer, 0, system)
  if (generation === undefined) return
  const start = writer.beginAttribute(NFNL_BATCH_GENID)
  writer.raw(Uint8Array.of(generation >>> 24, generation >>> 16, generation >>> 8, generation))
  writer.endAttribute(start)
}
