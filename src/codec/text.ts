import { invalidRange, invalidType, invalidValue } from './invalid.js'
import type { Type } from './type.js'
import type { Writer } from './writer.js'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Short texts that were read last, by a hash of their bytes: names come again and again. */
const recent = new Array<string>(512).fill('')

/** UTF-8 up to the first NUL, or to the end. */
export function readText(bytes: Uint8Array, offset: number, length: number): string {
  const limit = offset + length
  let end = offset
  let hash = 0
  let high = 0
  for (; end < limit; end++) {
    const byte = bytes[end]!
    if (byte === 0) break
    high |= byte
    hash = (hash * 31 + byte) | 0
  }
  if (high >= 0x80 || end - offset > 32) return decoder.decode(bytes.subarray(offset, end))
  const slot = hash & 511
  const text = recent[slot]!
  if (sameText(text, bytes, offset, end)) return text
  return (recent[slot] = String.fromCharCode(...bytes.subarray(offset, end)))
}

function sameText(text: string, bytes: Uint8Array, offset: number, end: number): boolean {
  if (text.length !== end - offset) return false
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[offset + i]) return false
  return true
}

function writeText(writer: Writer, value: string): void {
  const { length } = value
  const start = writer.zeros(length + 1)
  const { bytes } = writer
  for (let i = 0; i < length; i++) {
    const c = value.charCodeAt(i)
    if (c >= 0x80) {
      writer.truncate(start)
      writer.raw(encoder.encode(value))
      writer.u8(0)
      return
    }
    bytes[start + i] = c
  }
}

/** True if a text takes at most `max` bytes of UTF-8. */
function fits(value: string, max: number): boolean {
  if (value.length > max) return false
  if (value.length > 64) return Buffer.byteLength(value) <= max
  for (let i = 0; i < value.length; i++) {
    if (value.charCodeAt(i) >= 0x80) return Buffer.byteLength(value) <= max
  }
  return true
}

/** A NUL-terminated string of at most `max` bytes of UTF-8, the NUL not counted. */
export function text(max: number): Type<string> {
  const expected = `a string of at most ${max} bytes without a NUL`
  return {
    expected,
    size: 0,
    write(writer, value) {
      if (typeof value !== 'string') invalidType(value, expected)
      if (value.includes('\0')) invalidValue(value, expected)
      if (!fits(value, max)) invalidRange(value, expected)
      writeText(writer, value)
    },
    read: readText
  }
}

/**
 * A NUL-terminated string in a slot of `size` bytes, padded with NULs; at most `size` − 1 bytes of UTF-8, the
 * NUL not counted. For structs.
 */
export function fixedText(size: number): Type<string> {
  const type = text(size - 1)
  return {
    expected: type.expected,
    size,
    write(writer, value) {
      const start = writer.zeros(size)
      writer.position = start
      type.write(writer, value)
      writer.position = start + size
    },
    read: readText
  }
}

/**
 * True if the kernel takes `value` as the name of an interface (`dev_valid_name`, net/core/dev.c), its length
 * aside. The kernel looks at bytes, and holds 0xa0 for white space, so that "à" is refused.
 */
function isName(value: string): boolean {
  if (value === '' || value === '.' || value === '..') return false
  for (let i = 0; i < value.length; i++) {
    const c = value.charCodeAt(i)
    if (c === 0 || c === 32 || (c >= 9 && c <= 13) || c === 47 || c === 58) return false
    if (c >= 0x80) return !/[\0\t-\r /:]/.test(value) && !encoder.encode(value).includes(0xa0)
  }
  return true
}

/** True if the kernel takes this as an interface name: `IFNAMSIZ` is 16, the NUL included. */
export function isInterfaceName(value: string): boolean {
  return isName(value) && fits(value, 15)
}

function name(max: number, expected: string): Type<string> {
  return {
    expected,
    size: 0,
    minimum: 1,
    write(writer, value) {
      if (typeof value !== 'string') invalidType(value, expected)
      if (!fits(value, max)) invalidRange(value, expected)
      if (!isName(value)) invalidValue(value, expected)
      writeText(writer, value)
    },
    read: readText
  }
}

/** An interface name, at most `IFNAMSIZ` − 1 = 15 bytes (`dev_valid_name`, net/core/dev.c). */
export const interfaceName: Type<string> = name(
  15,
  'an interface name: 1 to 15 bytes without "/", ":" or white space, and neither "." nor ".."'
)

/** An alternative name, at most `ALTIFNAMSIZ` − 1 = 127 bytes. */
export const alternativeName: Type<string> = name(
  127,
  'an alternative interface name: 1 to 127 bytes without "/", ":" or white space'
)
