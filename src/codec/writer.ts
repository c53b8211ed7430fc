import { invalidRange } from './invalid.js'

/** Bytes before the payload of an attribute: `struct nlattr`, linux/netlink.h. */
export const attributeHeaderSize = 4

/** Bytes of `struct nlmsghdr`, linux/netlink.h. */
export const messageHeaderSize = 16

/** `NLA_F_NESTED`, linux/netlink.h: the payload is attributes. */
export const nestedFlag = 0x8000

/** Masks `NLA_F_NESTED` and `NLA_F_NET_BYTEORDER` off an attribute's type. */
export const attributeTypeMask = 0x3fff

/**
 * A growing buffer that messages are written into. Host byte order is little-endian: the binding refuses
 * to load elsewhere.
 *
 * Attributes and messages begin at multiples of 4, so that what is 4 bytes wide can be stored whole.
 */
export class Writer {
  bytes: Uint8Array<ArrayBuffer>
  words: Uint32Array<ArrayBuffer>
  position = 0

  constructor(capacity = 4096) {
    const buffer = new ArrayBuffer((capacity + 3) & ~3)
    this.bytes = new Uint8Array(buffer)
    this.words = new Uint32Array(buffer)
  }

  /** Makes room for `size` more bytes. Bytes past `position` are always zero. */
  reserve(size: number): void {
    if (this.position + size <= this.bytes.length) return
    const capacity = Math.max(this.bytes.length * 2, (this.position + size + 3) & ~3)
    const buffer = new ArrayBuffer(capacity)
    const bytes = new Uint8Array(buffer)
    bytes.set(this.bytes.subarray(0, this.position))
    this.bytes = bytes
    this.words = new Uint32Array(buffer)
  }

  /** Forgets what was written after `position`, which must be where something began. */
  truncate(position: number): void {
    this.bytes.fill(0, position, this.position)
    this.position = position
  }

  u8(value: number): void {
    this.reserve(1)
    this.bytes[this.position++] = value
  }

  u16(value: number): void {
    this.reserve(2)
    const { bytes, position } = this
    bytes[position] = value
    bytes[position + 1] = value >>> 8
    this.position = position + 2
  }

  u32(value: number): void {
    this.reserve(4)
    const { bytes, position } = this
    bytes[position] = value
    bytes[position + 1] = value >>> 8
    bytes[position + 2] = value >>> 16
    bytes[position + 3] = value >>> 24
    this.position = position + 4
  }

  raw(value: Uint8Array): void {
    this.reserve(value.length)
    this.bytes.set(value, this.position)
    this.position += value.length
  }

  /** Appends `size` zero bytes and returns where they begin. */
  zeros(size: number): number {
    this.reserve(size)
    const start = this.position
    this.position = start + size
    return start
  }

  /** Begins an attribute; give what this returns to `endAttribute`. */
  beginAttribute(type: number): number {
    this.reserve(attributeHeaderSize)
    const start = this.position
    this.words[start >>> 2] = (type << 16) >>> 0
    this.position = start + attributeHeaderSize
    return start
  }

  endAttribute(start: number): void {
    const length = this.position - start
    // A payload cannot be longer than its 16-bit length tells; what gets this far is a caller's oversized value.
    if (length > 0xffff) invalidRange(length - attributeHeaderSize, 'at most 65531 bytes on the wire')
    this.bytes[start] = length
    this.bytes[start + 1] = length >>> 8
    this.align()
  }

  /** Begins a message (`struct nlmsghdr`); sequence number and port are the addon's to fill in. */
  beginMessage(type: number, flags: number): number {
    const start = this.zeros(messageHeaderSize)
    this.words[(start >>> 2) + 1] = (type | (flags << 16)) >>> 0
    return start
  }

  endMessage(start: number): void {
    this.words[start >>> 2] = this.position - start
    this.align()
  }

  /** What was written so far; a view, valid until the next write. */
  written(from = 0): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(from, this.position)
  }

  private align(): void {
    const padding = -this.position & 3
    if (padding !== 0) this.zeros(padding)
  }
}
