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

/**
 * Goes through the messages in a buffer, in order, and is each of them in turn: no object is made for them. What
 * is cut off at the end is left out.
 */
export class MessageReader implements Message {
  readonly bytes: Uint8Array
  type = 0
  flags = 0
  sequence = 0
  offset = 0
  length = 0
  #next = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  /** True once the last message was reached. */
  get done(): boolean {
    return this.#next + messageHeaderSize > this.bytes.length
  }

  /** Moves to the next message; false at the end. */
  next(): boolean {
    const { bytes } = this
    const at = this.#next
    if (at + messageHeaderSize > bytes.length) return false
    const length = word(bytes, at)
    if (length < messageHeaderSize || at + length > bytes.length) {
      this.#next = bytes.length
      return false
    }
    this.type = half(bytes, at + 4)
    this.flags = half(bytes, at + 6)
    this.sequence = word(bytes, at + 8)
    this.offset = at + messageHeaderSize
    this.length = length - messageHeaderSize
    this.#next = at + ((length + 3) & ~3)
    return true
  }
}

/** The messages in a buffer, each as an object to keep. */
export function* messages(bytes: Uint8Array): Generator<Message, void, undefined> {
  const reader = new MessageReader(bytes)
  while (reader.next()) {
    const { type, flags, sequence, offset, length } = reader
    yield { type, flags, sequence, bytes, offset, length }
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
