import { inlined, type InlineValue, type Scope } from './inline.js'
import { invalidRange, invalidType, invalidValue } from './invalid.js'
import { scanIpv4, scanned } from './scan.js'
import type { Type } from './type.js'
import type { Writer } from './writer.js'

const expectedIpv4 = 'an IPv4 address such as "10.0.0.1"'
const expectedIpv6 = 'an IPv6 address such as "fd00::1"'
const expectedIp = 'an IP address such as "10.0.0.1" or "fd00::1"'

/**
 * Parses a dotted quad of `text` from `start` to `end` to a 32-bit number, first octet highest; −1 when it
 * isn't one. Leading zeros are refused: some read them as octal (RFC 6943, 3.1.1).
 */
export function parseIpv4(text: string, start = 0, end = text.length): number {
  let address = 0
  let octet = -1
  let dots = 0
  for (let i = start; i < end; i++) {
    const c = text.charCodeAt(i)
    if (c === 46) {
      if (octet < 0 || ++dots > 3) return -1
      address = address * 256 + octet
      octet = -1
    } else {
      const digit = c - 48
      if (digit < 0 || digit > 9 || octet === 0) return -1
      octet = octet < 0 ? digit : octet * 10 + digit
      if (octet > 255) return -1
    }
  }
  return dots === 3 && octet >= 0 ? address * 256 + octet : -1
}

/** Parses an IPv6 address (RFC 4291, 2.2) into 16 bytes of `target`; false when it isn't one. */
export function parseIpv6(
  text: string,
  target: Uint8Array,
  offset: number,
  start = 0,
  end = text.length
): boolean {
  let group = 0
  let digits = 0
  let groups = 0
  let gap = -1
  let i = start
  if (end - start < 2) return false
  if (text.charCodeAt(i) === 58) {
    if (text.charCodeAt(i + 1) !== 58) return false
    i++
  }
  let groupStart = i
  for (; i < end; i++) {
    const c = text.charCodeAt(i)
    if (c === 58) {
      if (digits === 0) {
        if (gap >= 0) return false
        gap = groups
      } else {
        if (groups === 8 || i + 1 === end) return false
        target[offset + groups * 2] = group >>> 8
        target[offset + groups * 2 + 1] = group
        groups++
        group = 0
        digits = 0
        if (groups > 7 && gap < 0) return false
      }
      groupStart = i + 1
    } else if (c === 46) {
      const quad = parseIpv4(text, groupStart, end)
      if (quad < 0 || groups > 6) return false
      target[offset + groups * 2] = quad >>> 24
      target[offset + groups * 2 + 1] = quad >>> 16
      target[offset + groups * 2 + 2] = quad >>> 8
      target[offset + groups * 2 + 3] = quad
      groups += 2
      digits = 0
      break
    } else {
      const lower = c | 32
      const digit = c >= 48 && c <= 57 ? c - 48 : lower >= 97 && lower <= 102 ? lower - 87 : -1
      if (digit < 0 || ++digits > 4) return false
      group = group * 16 + digit
    }
  }
  if (digits > 0) {
    if (groups === 8) return false
    target[offset + groups * 2] = group >>> 8
    target[offset + groups * 2 + 1] = group
    groups++
  }
  if (gap < 0) return groups === 8
  if (groups > 7) return false
  const tail = (groups - gap) * 2
  target.copyWithin(offset + 16 - tail, offset + gap * 2, offset + groups * 2)
  target.fill(0, offset + gap * 2, offset + 16 - tail)
  return true
}

/** Halves of addresses as text, by their first octet and then their second; made as they are needed. */
const startsOfIpv4: (string | undefined)[][] = Array.from({ length: 256 }, () => [])
const endsOfIpv4: (string | undefined)[][] = Array.from({ length: 256 }, () => [])

/** Composes an address of few parts, for one that is not likely to come again. */
export function composeIpv4(bytes: Uint8Array, offset: number): string {
  const a = bytes[offset]!
  const b = bytes[offset + 1]!
  const c = bytes[offset + 2]!
  const d = bytes[offset + 3]!
  return (startsOfIpv4[a]![b] ??= `${a}.${b}.`) + (endsOfIpv4[c]![d] ??= `${c}.${d}`)
}

/** Addresses that were read last: gateways and the like come again and again, and share one string so. */
const recentWords = new Int32Array(256)
const recentTexts = new Array<string>(256).fill('0.0.0.0')

export function readIpv4(bytes: Uint8Array, offset: number): string {
  const word =
    bytes[offset]! | (bytes[offset + 1]! << 8) | (bytes[offset + 2]! << 16) | (bytes[offset + 3]! << 24)
  const slot = (word ^ (word >>> 8) ^ (word >>> 16) ^ (word >>> 24)) & 255
  if (recentWords[slot] === word) return recentTexts[slot]!
  const text = composeIpv4(bytes, offset)
  recentWords[slot] = word
  recentTexts[slot] = text
  return text
}

/** The groups of IPv6 addresses as text, by their first octet and then their second; made as they are needed. */
const groups: (string | undefined)[][] = Array.from({ length: 256 }, () => [])

/** The canonical text form of RFC 5952: lower case, the longest run of zeros shortened. */
export function readIpv6(bytes: Uint8Array, offset: number): string {
  let runStart = -1
  let runLength = 1
  let zeroStart = -1
  for (let g = 0; g <= 8; g++) {
    const zero = g < 8 && bytes[offset + g * 2] === 0 && bytes[offset + g * 2 + 1] === 0
    if (zero) {
      if (zeroStart < 0) zeroStart = g
    } else if (zeroStart >= 0) {
      if (g - zeroStart > runLength) {
        runStart = zeroStart
        runLength = g - zeroStart
      }
      zeroStart = -1
    }
  }
  // An IPv4-mapped address keeps its dotted quad (RFC 5952, 5).
  if (runStart === 0 && runLength === 5 && bytes[offset + 10] === 0xff && bytes[offset + 11] === 0xff) {
    return `::ffff:${readIpv4(bytes, offset + 12)}`
  }
  let text = ''
  for (let g = 0; g < 8; g++) {
    if (g === runStart) {
      text += '::'
      g += runLength - 1
      continue
    }
    if (g > 0 && g !== runStart + runLength) text += ':'
    const high = bytes[offset + g * 2]!
    const low = bytes[offset + g * 2 + 1]!
    text += groups[high]![low] ??= ((high << 8) | low).toString(16)
  }
  return text
}

function writeIpv4(writer: Writer, address: number): void {
  writer.u8(address >>> 24)
  writer.u8(address >>> 16)
  writer.u8(address >>> 8)
  writer.u8(address)
}

/** Writes an address of either family and returns how many bytes it took: 4 or 16. */
export function writeIp(writer: Writer, value: string, start = 0, end = value.length): number {
  const quad = parseIpv4(value, start, end)
  if (quad >= 0) {
    writeIpv4(writer, quad)
    return 4
  }
  const at = writer.zeros(16)
  if (parseIpv6(value, writer.bytes, at, start, end)) return 16
  writer.truncate(at)
  return 0
}

/** Compiled code scans an IPv4 address itself; anything else is for `write`. */
function encodeIpv4(value: string, scope: Scope): InlineValue {
  const word = scope.local('0')
  const scan = `${word} = ${scope.constant(scanIpv4)}(${value}, false), ${scope.constant(scanned)}.length < 0`
  return { slow: `typeof ${value} !== 'string' || (${scan})`, number: word }
}

/** An IPv4 address in four bytes. */
export const ipv4: Type<string> = inlined<Type<string>>(
  {
    expected: expectedIpv4,
    size: 4,
    write(writer, value) {
      if (typeof value !== 'string') invalidType(value, expectedIpv4)
      const address = parseIpv4(value)
      if (address < 0) invalidValue(value, expectedIpv4)
      writeIpv4(writer, address)
    },
    read: readIpv4
  },
  {
    number: { width: 4, encode: encodeIpv4 },
    read: (at, _length, scope) => `${scope.constant(readIpv4)}(bytes, ${at})`
  }
)

/** An IPv6 address in sixteen bytes. */
export const ipv6: Type<string> = {
  expected: expectedIpv6,
  size: 16,
  write(writer, value) {
    if (typeof value !== 'string') invalidType(value, expectedIpv6)
    const at = writer.zeros(16)
    if (!parseIpv6(value, writer.bytes, at)) invalidValue(value, expectedIpv6)
  },
  read: readIpv6
}

/** An address of either family; its length tells which. */
export const ip: Type<string> = inlined<Type<string>>(
  {
    expected: expectedIp,
    size: 0,
    minimum: 4,
    write(writer, value) {
      if (typeof value !== 'string') invalidType(value, expectedIp)
      if (writeIp(writer, value) === 0) invalidValue(value, expectedIp)
    },
    read: (bytes, offset, length) => (length >= 16 ? readIpv6(bytes, offset) : readIpv4(bytes, offset))
  },
  {
    number: { width: 4, encode: encodeIpv4 },
    read: (at, length, scope) =>
      `(${length} >= 16 ? ${scope.constant(readIpv6)}(bytes, ${at}) : ${scope.constant(readIpv4)}(bytes, ${at}))`
  }
)

/** The family of an address or prefix in text, by its form alone. */
export function familyOf(value: string): 'inet' | 'inet6' {
  return value.includes(':') ? 'inet6' : 'inet'
}

/** Splits `address/length`; without a length it is the whole address. Host bits are left as they are. */
export function parsePrefix(value: unknown): { address: string; length: number; family: 'inet' | 'inet6' } {
  const expected = 'an address with a prefix length such as "10.0.0.2/24" or "fd00::2/64"'
  if (typeof value !== 'string') invalidType(value, expected)
  const slash = value.indexOf('/')
  const address = slash < 0 ? value : value.slice(0, slash)
  const family = familyOf(address)
  const max = family === 'inet' ? 32 : 128
  if (family === 'inet' ? parseIpv4(address) < 0 : !parseIpv6(address, new Uint8Array(16), 0))
    invalidValue(value, expected)
  if (slash < 0) return { address, length: max, family }
  const digits = value.slice(slash + 1)
  if (!/^(0|[1-9][0-9]{0,3})$/.test(digits)) invalidValue(value, expected)
  const length = Number(digits)
  if (length > max) invalidRange(value, `a prefix length from 0 to ${max}`)
  return { address, length, family }
}
