import { invalidType, invalidValue } from './invalid.js'
import type { Type } from './type.js'

const hex: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Reads a link-layer address of any length: six bytes for Ethernet, four for a tunnel's IPv4 address. */
export function readLinkLayerAddress(bytes: Uint8Array, offset: number, length: number): string {
  let text = length > 0 ? hex[bytes[offset]!]! : ''
  for (let i = 1; i < length; i++) text += ':' + hex[bytes[offset + i]!]!
  return text
}

function linkLayer(lengths: readonly number[], expected: string): Type<string> {
  return {
    expected,
    // What the kernel sends is read whatever its length.
    size: lengths.length === 1 ? lengths[0]! : 0,
    minimum: 0,
    write(writer, value) {
      if (typeof value !== 'string') invalidType(value, expected)
      const octets = value.split(/[:-]/)
      if (!lengths.includes(octets.length)) invalidValue(value, expected)
      const start = writer.zeros(octets.length)
      for (let i = 0; i < octets.length; i++) {
        const octet = octets[i]!
        if (!/^[0-9a-fA-F]{1,2}$/.test(octet)) invalidValue(value, expected)
        writer.bytes[start + i] = parseInt(octet, 16)
      }
    },
    read: readLinkLayerAddress
  }
}

/** An Ethernet address: `'02:42:ac:11:00:02'`; written from colons or hyphens, read with colons. */
export const mac: Type<string> = linkLayer([6], 'a MAC address such as "02:42:ac:11:00:02"')

/** A link-layer address of 4 to 20 bytes, for links that are not Ethernet: tunnels, InfiniBand. */
export const linkLayerAddress: Type<string> = linkLayer(
  [4, 6, 8, 16, 20],
  'a link-layer address such as "02:42:ac:11:00:02"'
)
