import { invalidType, invalidValue, parsePrefix, readIpv4, readIpv6, writeIp } from '../../codec/index.js'
import type { Field, Source, Writer } from '../../codec/index.js'
import { AF_INET, AF_INET6 } from '../rtnetlink.js'

/** Attributes, linux/if_addr.h. Without a peer, `IFA_ADDRESS` is the local address too, or alone there. */
const IFA_ADDRESS = 1
const IFA_LOCAL = 2
const IFA_BROADCAST = 4

/** Where `struct ifaddrmsg` holds the family and the length of the prefix. */
const familyOffset = 0
const lengthOffset = 1

type Prefix = ReturnType<typeof parsePrefix>

/** What was met of the address that is being read. */
let local: string | undefined
let remote: string | undefined

/** The local address with its prefix length; of a point-to-point address, with the full length. Reads `peer` too. */
export const addressField: Field<string, string> & { readonly present: true; readonly required: true } = {
  types: [IFA_ADDRESS, IFA_LOCAL],
  required: true,
  present: true,
  headerEnd: 2,
  write(writer, value, base, source) {
    const prefix = parsePrefix(value)
    claimFamily(writer, base, prefix, value)
    writeAddress(writer, IFA_LOCAL, prefix)
    if (source['peer'] !== undefined) return
    writer.bytes[base + lengthOffset] = prefix.length
    writeAddress(writer, IFA_ADDRESS, prefix)
  },
  readHeader() {
    local = remote = undefined
  },
  readAttribute(_target, _key, bytes, offset, length, type) {
    if (length !== 4 && length !== 16) return false
    const text = length === 4 ? readIpv4(bytes, offset) : readIpv6(bytes, offset)
    if (type === IFA_LOCAL) local = text
    else remote = text
    return true
  },
  readEnd(target, key, bytes, base) {
    const length = bytes[base + lengthOffset]!
    if (local === undefined || remote === undefined || local === remote) {
      target[key] = `${local ?? remote ?? ''}/${length}`
      return
    }
    target[key] = `${local}/${bytes[base + familyOffset] === AF_INET6 ? 128 : 32}`
    target['peer'] = `${remote}/${length}`
  }
}

/** The other end of a point-to-point link; its length is that of the prefix. Must be declared before the address. */
export const peerField: Field<string, string> = {
  types: [],
  write(writer, value, base) {
    const prefix = parsePrefix(value)
    claimFamily(writer, base, prefix, value)
    writer.bytes[base + lengthOffset] = prefix.length
    writeAddress(writer, IFA_ADDRESS, prefix)
  }
}

/** An IPv4 address, or `'auto'` for the last one of the subnet. */
export const broadcastField: Field<string, string> = {
  types: [IFA_BROADCAST],
  write(writer, value, base, source) {
    const expected = 'an IPv4 address such as "10.0.0.255", or "auto"'
    if (typeof value !== 'string') invalidType(value, expected)
    if (writer.bytes[base + familyOffset] === AF_INET6) invalidValue(value, 'absent: IPv6 has no broadcast')
    const address = value === 'auto' ? lastAddress(source) : value
    if (address === undefined) return
    const start = writer.beginAttribute(IFA_BROADCAST)
    if (writeIp(writer, address) !== 4) invalidValue(value, expected)
    writer.endAttribute(start)
  },
  readAttribute(target, key, bytes, offset, length) {
    if (length !== 4) return false
    target[key] = readIpv4(bytes, offset)
    return true
  }
}

/** The last address of the subnet; none for a /31 or /32, which have no broadcast address (RFC 3021). */
function lastAddress(source: Source): string | undefined {
  const { address, length } = parsePrefix(source['peer'] ?? source['address'])
  if (length > 30) return undefined
  const quad = address.split('.').reduce((number, octet) => number * 256 + Number(octet), 0)
  const last = (quad | (0xffffffff >>> length)) >>> 0
  return [24, 16, 8, 0].map((shift) => (last >>> shift) & 0xff).join('.')
}

function claimFamily(writer: Writer, base: number, prefix: Prefix, value: string): void {
  const family = prefix.family === 'inet' ? AF_INET : AF_INET6
  const there = writer.bytes[base + familyOffset]
  if (there !== 0 && there !== family) {
    invalidValue(value, `of family ${there === AF_INET ? 'inet' : 'inet6'}, as the rest of the address`)
  }
  writer.bytes[base + familyOffset] = family
}

function writeAddress(writer: Writer, attribute: number, prefix: Prefix): void {
  const start = writer.beginAttribute(attribute)
  writeIp(writer, prefix.address)
  writer.endAttribute(start)
}
