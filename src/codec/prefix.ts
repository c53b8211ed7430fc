import { planned, type Field } from './field.js'
import type { FieldCode } from './inline.js'
import { invalidRange, invalidType, invalidValue } from './invalid.js'
import { composeIpv4, parseIpv4, parseIpv6, readIpv4, readIpv6 } from './ip.js'
import { hostBits, scanIpv4, scanned } from './scan.js'
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
  const host = options.hostBits ?? 'refuse'
  const expected =
    (host === 'refuse' ? 'a prefix without host bits' : 'a prefix') +
    (takesDefault
      ? ' such as "10.0.0.0/24" or "fd00::/64", or "default"'
      : ' such as "10.0.0.0/24" or "fd00::/64"')

  const field: Field<string, string> = {
    types: [attribute],
    headerEnd: Math.max(lengthOffset, familyOffset) + 1,

    write(writer, value, base) {
      if (typeof value !== 'string') invalidType(value, expected)
      if (takesDefault && value === 'default') return
      parsePrefixText(value, expected)
      const { family, length } = parsed
      if (host !== 'keep' && clearHostBits() && host === 'refuse') invalidValue(value, expected)
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
  return planned(field, { place: 'code', code: prefixCode(options) })
}

/** Compiled code writes IPv4 prefixes itself, and leaves all else to the field. */
function prefixCode(options: PrefixOptions): FieldCode {
  const { attribute, lengthOffset, familyOffset } = options
  const zeroIsAny = options.zero !== 'absent'
  const lengthAt = `bytes[base + ${lengthOffset}]`
  let seen = 'false'
  return {
    size: 8,
    write(value, otherwise, scope) {
      const word = scope.local('0')
      const length = `${scope.constant(scanned)}.length`
      const conditions = [
        `typeof ${value} === 'string'`,
        `(${word} = ${scope.constant(scanIpv4)}(${value}, true), ${length} >= 0)`,
        claimIpv4(familyOffset)
      ]
      if (options.hostBits !== 'keep') {
        conditions.splice(2, 0, `(${word} & ${scope.constant(hostBits)}[${length}]) === 0`)
      }
      return `if (${conditions.join(' && ')}) {
        b[base + ${lengthOffset}] = ${length}
        if (${length} !== 0 || ${word} !== 0) { ${storeWord(attribute, word)} }
      } else { ${otherwise} }`
    },
    readAttribute(at, length, assign, scope) {
      const read4 = `${scope.constant(readIpv4Prefix)}(bytes, ${at}, ${lengthAt})`
      const read6 = `${scope.constant(readIpv6)}(bytes, ${at}) + '/' + ${lengthAt}`
      const set = assign(`${length} === 4 ? ${read4} : ${read6}`)
      seen = scope.local('false')
      return `if (${length} === 4 || ${length} === 16) {
        ${zeroIsAny ? `${seen} = true; ${set}` : `if (${lengthAt} !== 0) ${set}`}; break known
      }`
    },
    readEnd(assign, scope) {
      if (!zeroIsAny) return ''
      return `if (!${seen} && ${lengthAt} === 0) {
        const any = ${scope.constant(anyPrefix)}(bytes[base + ${familyOffset}]); if (any !== undefined) ${assign('any')}
      }`
    }
  }
}

/** A condition: the header's family is IPv4, or was not known yet and is now. */
const claimIpv4 = (familyOffset: number): string =>
  `(b[base + ${familyOffset}] === ${AF_INET} || b[base + ${familyOffset}] === 0 && (b[base + ${familyOffset}] = ${AF_INET}) !== 0)`

const storeWord = (number: number, word: string): string =>
  `w[q] = ${(number << 16) | 8}; w[q + 1] = ${word}; q += 2`

/** Prefix lengths as text. */
const suffixes: readonly string[] = Array.from({ length: 256 }, (_, length) => `/${length}`)

function readIpv4Prefix(bytes: Uint8Array, offset: number, length: number): string {
  return composeIpv4(bytes, offset) + suffixes[length]!
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
  const field: Field<string, string> = {
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
  return planned(field, {
    place: 'code',
    code: {
      size: 8,
      write(value, otherwise, scope) {
        const word = scope.local('0')
        const scan = `${word} = ${scope.constant(scanIpv4)}(${value}, false), ${scope.constant(scanned)}.length >= 0`
        return `if (typeof ${value} === 'string' && (${scan}) && ${claimIpv4(familyOffset)}) {
          ${storeWord(number, word)}
        } else { ${otherwise} }`
      },
      readAttribute(at, length, assign, scope) {
        const read4 = `${scope.constant(readIpv4)}(bytes, ${at})`
        const read6 = `${scope.constant(readIpv6)}(bytes, ${at})`
        const set = assign(`${length} === 4 ? ${read4} : ${read6}`)
        return `if (${length} === 4 || ${length} === 16) { ${set}; break known }`
      }
    }
  })
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
