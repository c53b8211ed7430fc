import type { Field } from './field.js'
import { invalidRange, invalidType, invalidValue } from './invalid.js'
import { parseIpv4, parseIpv6, readIpv4, readIpv6 } from './ip.js'
import type { Writer } from './writer.js'

/** Address families, linux/socket.h, and the families of multicast routes, linux/rtnetlink.h. */
const AF_INET = 2
const AF_INET6 = 10
const RTNL_FAMILY_IPMR = 128
const RTNL_FAMILY_IP6MR = 129

export interface PrefixOptions {
  /** The attribute that holds the address. */
  readonly attribute: number
  /** Where the header holds the prefix length, in one byte. */
  readonly lengthOffset: number
  /**
   * Where the header holds the family, in one byte. Writing fills it in where it is still zero, and refuses a
   * prefix of another family than is there; a field that writes the family should be declared earlier.
   */
  readonly familyOffset: number
  /**
   * What is read when the kernel sends a length of 0 and no address: `'any'`, the default, gives `'0.0.0.0/0'`
   * or `'::/0'` by the family; `'absent'` leaves the property out, as for the selectors of a rule.
   */
  readonly zero?: 'any' | 'absent'
  /** Bits past the prefix length: refused by default, or written as they are (`'keep'`), or as 0 (`'clear'`). */
  readonly hostBits?: 'refuse' | 'keep' | 'clear'
  /** Takes `'default'` for the prefix of length 0; without another address the family must be known. */
  readonly default?: boolean
}

/** What a parsed prefix is made of; one is reused, so that parsing allocates nothing. */
const parsed = { family: 0, length: 0, quad: 0, bytes: new Uint8Array(16) }

/**
 * A prefix as one property, such as a route's `destination: '10.0.0.0/24'`: its length in a byte of the fixed
 * header, its address in an attribute. An address without a length is the whole address. For the prefix of
 * length 0 no address is written.
 */
export function prefix(options: PrefixOptions): Field<string, string> {
  const { attribute, lengthOffset, familyOffset } = options
  const zeroIsAny = options.zero !== 'absent'
  const takesDefault = options.default === true
  const hostBits = options.hostBits ?? 'refuse'
  const expected =
    (hostBits === 'refuse' ? 'a prefix without host bits' : 'a prefix') +
    (takesDefault
      ? ' such as "10.0.0.0/24" or "fd00::/64", or "default"'
      : ' such as "10.0.0.0/24" or "fd00::/64"')

  return {
    types: [attribute],
    headerEnd: Math.max(lengthOffset, familyOffset) + 1,

    write(writer, value, base) {
      if (typeof value !== 'string') invalidType(value, expected)
      if (takesDefault && value === 'default') return
      parsePrefixText(value, expected)
      const { family, length } = parsed
      if (hostBits !== 'keep' && clearHostBits() && hostBits === 'refuse') invalidValue(value, expected)
      claimFamily(writer, base + familyOffset, family, value)
      writer.bytes[base + lengthOffset] = length
      writeParsed(writer, attribute)
    },

    readAttribute(target, key, bytes, offset, length) {
      if (length !== 4 && length !== 16) return false
      // The length joins it at the end, when the header is at hand.
      target[key] = length === 4 ? readIpv4(bytes, offset) : readIpv6(bytes, offset)
      return true
    },

    readEnd(target, key, bytes, base) {
      const length = bytes[base + lengthOffset]!
      const address = target[key]
      if (length === 0 && !zeroIsAny) {
        delete target[key]
      } else if (address !== undefined) {
        target[key] = `${address as string}/${length}`
      } else if (length === 0) {
        const any = anyPrefix(bytes[base + familyOffset]!)
        if (any !== undefined) target[key] = any
      }
    }
  }
}

/**
 * An address in an attribute whose family must be that of the header: a route's gateway. Writing fills in the
 * header's family where it is still zero, and refuses an address of another family.
 */
export function familyAddress(
  number: number,
  options: { readonly familyOffset: number }
): Field<string, string> {
  const { familyOffset } = options
  const expected = 'an IP address such as "10.0.0.1" or "fd00::1"'
  return {
    types: [number],
    headerEnd: familyOffset + 1,
    write(writer, value, base) {
      if (typeof value !== 'string') invalidType(value, expected)
      parseAddressText(value, value.length, expected)
      claimFamily(writer, base + familyOffset, parsed.family, value)
      writeParsedAddress(writer, number)
    },
    readAttribute(target, key, bytes, offset, length) {
      if (length !== 4 && length !== 16) return false
      target[key] = length === 4 ? readIpv4(bytes, offset) : readIpv6(bytes, offset)
      return true
    }
  }
}

/** The prefix of length 0 of an address family; `undefined` for one that has no such text (MPLS). */
function anyPrefix(family: number): string | undefined {
  if (family === AF_INET || family === RTNL_FAMILY_IPMR) return '0.0.0.0/0'
  if (family === AF_INET6 || family === RTNL_FAMILY_IP6MR) return '::/0'
  return undefined
}

function parseAddressText(value: string, end: number, expected: string): void {
  const quad = parseIpv4(value, 0, end)
  if (quad >= 0) {
    parsed.family = AF_INET
    parsed.quad = quad
    return
  }
  if (!parseIpv6(value, parsed.bytes, 0, 0, end)) invalidValue(value, expected)
  parsed.family = AF_INET6
}

function parsePrefixText(value: string, expected: string): void {
  const slash = value.indexOf('/')
  parseAddressText(value, slash < 0 ? value.length : slash, expected)
  const max = parsed.family === AF_INET ? 32 : 128
  if (slash < 0) {
    parsed.length = max
    return
  }
  let length = 0
  const digits = value.length - slash - 1
  if (digits < 1 || digits > 4) invalidValue(value, expected)
  for (let i = slash + 1; i < value.length; i++) {
    const digit = value.charCodeAt(i) - 48
    if (digit < 0 || digit > 9 || (digit === 0 && length === 0 && digits > 1)) invalidValue(value, expected)
    length = length * 10 + digit
  }
  if (length > max) invalidRange(value, `a prefix length from 0 to ${max}`)
  parsed.length = length
}

/** Clears the bits past the prefix length; true if any was set. */
function clearHostBits(): boolean {
  const { length } = parsed
  if (parsed.family === AF_INET) {
    const mask = length === 0 ? 0 : (-1 << (32 - length)) >>> 0
    const cleared = (parsed.quad & mask) >>> 0
    if (cleared === parsed.quad) return false
    parsed.quad = cleared
    return true
  }
  let found = false
  const { bytes } = parsed
  for (let i = length >>> 3; i < 16; i++) {
    const mask = i === length >>> 3 ? 0xff00 >>> (length & 7) : 0
    const cleared = bytes[i]! & mask
    if (cleared !== bytes[i]) found = true
    bytes[i] = cleared
  }
  return found
}

function claimFamily(writer: Writer, at: number, family: number, value: string): void {
  const { bytes } = writer
  const there = bytes[at]!
  if (there === 0) bytes[at] = family
  else if (there !== family) refuseFamily(value, there)
}

function refuseFamily(value: string, family: number): never {
  invalidValue(
    value,
    family === AF_INET
      ? 'of family inet, as the rest of the object'
      : family === AF_INET6
        ? 'of family inet6, as the rest of the object'
        : `of the object's address family, ${family}`
  )
}

function isAny(): boolean {
  return parsed.family === AF_INET ? parsed.quad === 0 : parsed.bytes.every((byte) => byte === 0)
}

function writeParsed(writer: Writer, number: number): void {
  if (parsed.length === 0 && isAny()) return
  writeParsedAddress(writer, number)
}

function writeParsedAddress(writer: Writer, number: number): void {
  const start = writer.beginAttribute(number)
  if (parsed.family === AF_INET) {
    const at = writer.zeros(4)
    const { bytes } = writer
    bytes[at] = parsed.quad >>> 24
    bytes[at + 1] = parsed.quad >>> 16
    bytes[at + 2] = parsed.quad >>> 8
    bytes[at + 3] = parsed.quad
  } else {
    writer.raw(parsed.bytes)
  }
  writer.endAttribute(start)
}
