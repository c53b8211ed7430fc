/**
 * What programs keep beside an object for themselves: in the kernel opaque bytes, by nft's convention
 * attributes of one byte of type, one of length, and a value (libnftnl, udata.h).
 */
export interface UserdataAttribute {
  readonly type: number
  readonly bytes: Uint8Array
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Takes userdata apart; what doesn't follow the convention is left out. */
export function readUserdata(bytes: Uint8Array | undefined): UserdataAttribute[] {
  const result: UserdataAttribute[] = []
  if (bytes === undefined) return result
  let at = 0
  while (at + 2 <= bytes.length) {
    const length = bytes[at + 1]!
    if (at + 2 + length > bytes.length) break
    result.push({ type: bytes[at]!, bytes: bytes.slice(at + 2, at + 2 + length) })
    at += 2 + length
  }
  return result
}

/** Puts userdata together; `undefined` if there is none. */
export function joinUserdata(attributes: readonly UserdataAttribute[]): Uint8Array | undefined {
  if (attributes.length === 0) return undefined
  const parts = attributes.flatMap(({ type, bytes }) => [type, bytes.length, ...bytes])
  return Uint8Array.from(parts)
}

/** A text in userdata ends with a NUL. */
export function textUserdata(type: number, text: string): UserdataAttribute {
  return { type, bytes: encoder.encode(`${text}\0`) }
}

/** A number in userdata is 32 bits in host byte order. */
export function numberUserdata(type: number, value: number): UserdataAttribute {
  return { type, bytes: Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24) }
}

/** The text of an attribute, if it is there. */
export function userdataText(attributes: readonly UserdataAttribute[], type: number): string | undefined {
  const found = attributes.find((attribute) => attribute.type === type)
  return found === undefined ? undefined : decoder.decode(found.bytes).replace(/\0.*$/s, '')
}

/** The number of an attribute, if it is there. */
export function userdataNumber(attributes: readonly UserdataAttribute[], type: number): number | undefined {
  const bytes = attributes.find((attribute) => attribute.type === type)?.bytes
  if (bytes === undefined || bytes.length < 4) return undefined
  return (bytes[0]! | (bytes[1]! << 8) | (bytes[2]! << 16) | (bytes[3]! << 24)) >>> 0
}
