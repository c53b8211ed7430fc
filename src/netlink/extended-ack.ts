import { attribute, bytes, i32, record, text, u32, u64, messageHeaderSize } from '../codec/index.js'
import type { OutputOf } from '../codec/index.js'
import { errnoOf } from './errno.js'
import { NLM_F_ACK_TLVS, NLM_F_CAPPED, word } from './message.js'
import type { Message } from './message.js'

/** `NL_POLICY_TYPE_ATTR_*`, linux/netlink.h: what the kernel wanted of an attribute. */
const policy = record({
  type: attribute(1, u32),
  minSigned: attribute(2, i64()),
  maxSigned: attribute(3, i64()),
  min: attribute(4, u64),
  max: attribute(5, u64),
  minLength: attribute(6, u32),
  maxLength: attribute(7, u32),
  mask: attribute(12, u64)
})

/** The range or length that the kernel wanted of the attribute that it rejected. */
export type AttributePolicy = OutputOf<typeof policy>

/** `NLMSGERR_ATTR_*`, linux/netlink.h. */
const extendedAck = record({
  message: attribute(1, text(0xffff)),
  /** Of the rejected attribute, from the start of the request. */
  offset: attribute(2, u32),
  cookie: attribute(3, bytes()),
  policy: attribute(4, policy),
  missingType: attribute(5, u32),
  /** Of the nest that lacks an attribute; absent when it is the message itself. */
  missingNest: attribute(6, u32)
})

export type ExtendedAck = OutputOf<typeof extendedAck>

/** What an acknowledgement says: `errno` is 0 or negative. */
export interface Acknowledgement {
  readonly errno: number
  readonly extended: ExtendedAck
}

/** Reads `NLMSG_ERROR`: `struct nlmsgerr`, then (after the request, unless it was capped) the extended ack. */
export function readAcknowledgement(message: Message): Acknowledgement {
  if (message.length < 4 + messageHeaderSize) return { errno: errnoOf('EPROTO'), extended: {} }
  const errno = i32.read(message.bytes, message.offset, 4)
  // Of a refused request all is sent back, unless it was capped; of another one the header alone.
  const whole = (message.flags & NLM_F_CAPPED) === 0 && errno !== 0
  const skipped = whole ? aligned(word(message.bytes, message.offset + 4)) : messageHeaderSize
  return { errno, extended: readExtended(message, 4 + skipped) }
}

/** Reads the `NLMSG_DONE` that ended a dump: the errno, then the extended ack. */
export function readDone(message: Message): Acknowledgement {
  if (message.length < 4) return { errno: 0, extended: {} }
  return { errno: i32.read(message.bytes, message.offset, 4), extended: readExtended(message, 4) }
}

/** Without wrapping round: what the kernel tells of a length is not believed before it is compared. */
function aligned(length: number): number {
  return Math.ceil(length / 4) * 4
}

function readExtended(message: Message, skipped: number): ExtendedAck {
  if ((message.flags & NLM_F_ACK_TLVS) === 0 || skipped > message.length) return {}
  return extendedAck.read(message.bytes, message.offset + skipped, message.length - skipped)
}

/** A signed 64-bit number, rounded to a double: bounds are for reading by people. */
function i64() {
  return {
    expected: 'a whole number',
    size: 8,
    write() {
      throw new TypeError('the bounds of a policy are only read')
    },
    read: (source: Uint8Array, offset: number): number =>
      i32.read(source, offset + 4, 4) * 0x100000000 + word(source, offset)
  }
}
