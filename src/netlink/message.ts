import { messageHeaderSize } from '../codec/index.js'

/** Message types that belong to netlink itself (linux/netlink.h). */
export const NLMSG_NOOP = 1
export const NLMSG_ERROR = 2
export const NLMSG_DONE = 3
export const NLMSG_OVERRUN = 4

/** Flags of `nlmsghdr` (linux/netlink.h). */
export const NLM_F_REQUEST = 0x001
export const NLM_F_MULTI = 0x002
export const NLM_F_ACK = 0x004
export const NLM_F_ECHO = 0x008
export const NLM_F_DUMP_INTR = 0x010
export const NLM_F_DUMP = 0x300
export const NLM_F_REPLACE = 0x100
export const NLM_F_EXCL = 0x200
export const NLM_F_CREATE = 0x400
export const NLM_F_APPEND = 0x800
export const NLM_F_CAPPED = 0x100
export const NLM_F_ACK_TLVS = 0x200

/** One message within a buffer of messages. */
export interface Message {
  readonly type: number
  readonly flags: number
  /** In an exchange: the index of the request that it answers. */
  readonly sequence: number
  readonly bytes: Uint8Array
  /** Where the payload, after `nlmsghdr`, begins. */
  readonly offset: number
  readonly length: number
}

/** The messages in a buffer, in order. What is cut off at the end is left out. */
export function* messages(bytes: Uint8Array): Generator<Message, void, undefined> {
  let at = 0
  while (at + messageHeaderSize <= bytes.length) {
    const length = word(bytes, at)
    if (length < messageHeaderSize || at + length > bytes.length) return
    yield {
      type: half(bytes, at + 4),
      flags: half(bytes, at + 6),
      sequence: word(bytes, at + 8),
      bytes,
      offset: at + messageHeaderSize,
      length: length - messageHeaderSize
    }
    at += (length + 3) & ~3
  }
}

/** Reads a 16-bit number of a header. */
export function half(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8)
}

/** Reads a 32-bit number of a header. */
export function word(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
}
