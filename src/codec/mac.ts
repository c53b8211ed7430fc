import { inlined } from './inline.js'
import { invalidType, invalidValue } from './invalid.js'
import type { Type } from './type.js'

/** Two octets as text with a colon between them, by the first and then the second; made as they are needed. */
const pairs: (string | undefined)[][] = Array.from({ length: 256 }, () => [])

const hex = (octet: number): string => (octet < 16 ? '0' : '') + octet.toString(16)

function pair(first: number, second: number): string {
  const row = pairs[first]!
  return (row[second] ??= `${hex(first)}:${hex(second)}`)
}

/** Reads a link-layer address of any length: six bytes for Ethernet, four for a tunnel's IPv4 address. */
export function readLinkLayerAddress(bytes: Uint8Array, offset: number, length: number): string {
  if (length === 6) {
    const start = pair(bytes[offset]!, bytes[offset + 1]!)
    const middle = pair(bytes[offset + 2]!, bytes[offset + 3]!)
    return `${start}:${middle}:${pair(bytes[offset + 4]!, bytes[offset + 5]!)}`
  }
  let text = length > 0 ? hex(bytes[offset]!) : ''
  for (let i = 1; i < length; i++) text += ':' + hex(bytes[offset + i]!)
  return text
}

/** The value of a hexadecimal digit; −1 when it isn't one. */
function digitOf(c: number): number {
  if (c >= 48 && c <= 57) return c - 48
  const lower = c | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}

/** Parses octets of one or two digits, with colons or hyphens between them; −1, or how many there are. */
function parseOctets(text: string, target: Uint8Array, offset: number, most: number): number {
  let count = 0
  let octet = -1
  let digits = 0
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === 58 || c === 45) {
      if (digits === 0 || count === most) return -1
      target[offset + count++] = octet
      digits = 0
      continue
    }
    const digit = digitOf(c)
    if (digit < 0 || ++digits > 2) return -1
    octet = digits === 1 ? digit : octet * 16 + digit
  }
  if (digits === 0 || count === most) return -1
  target[offset + count++] = octet
  return count
}

function linkLayer(lengths: readonly number[], expected: string): Type<string> {
  const most = Math.max(...lengths)
  const type: Type<string> = {
    expected,
    // What the kernel sends is read whatever its length.
    size: lengths.length === 1 ? most : 0,
    minimum: 0,
    write(writer, value) {
      if (typeof value !== 'string') invalidType(value, expected)
      const start = writer.zeros(most)
      const count = parseOctets(value, writer.bytes, start, most)
      if (!lengths.includes(count)) invalidValue(value, expected)
      writer.position = start + count
    },
    read: readLinkLayerAddress
  }
  return inlined(type, {
    read: (at, length, scope) => `${scope.constant(readLinkLayerAddress)}(bytes, ${at}, ${length})`
  })
}

/** An Ethernet address: `'02:42:ac:11:00:02'`; written from colons or hyphens, read with colons. */
export const mac: Type<string> = linkLayer([6], 'a MAC address such as "02:42:ac:11:00:02"')

/** A link-layer address of 4 to 20 bytes, for links that are not Ethernet: tunnels, InfiniBand. */
export const linkLayerAddress: Type<string> = linkLayer(
  [4, 6, 8, 16, 20],
  'a link-layer address such as "02:42:ac:11:00:02"'
)
