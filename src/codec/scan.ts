/**
 * What `scanIpv4` found beside the address: the prefix length, 32 where none was given, or −1 if the text is
 * no IPv4 address. One object, so that scanning allocates nothing.
 */
export const scanned = { length: -1 }

/** The host bits of an address, as it lies in a word in memory, by prefix length. */
export const hostBits: readonly number[] = Array.from({ length: 33 }, (_, length) => {
  const host = length === 32 ? 0 : 0xffffffff >>> length
  return (host << 24) | ((host & 0xff00) << 8) | ((host >>> 8) & 0xff00) | (host >>> 24)
})

/**
 * The IPv4 address in `text`, with a prefix length after it where `withLength`, as it lies in a word in memory
 * (the first octet lowest). Says in `scanned.length` whether it is one.
 */
export function scanIpv4(text: string, withLength: boolean): number {
  scanned.length = -1
  const end = text.length
  let word = 0
  let i = 0
  for (let shift = 0; ; shift += 8) {
    if (i >= end) return 0
    let octet = text.charCodeAt(i) - 48
    if (octet < 0 || octet > 9) return 0
    let c = ++i < end ? text.charCodeAt(i) : 0
    if (c >= 48 && c <= 57) {
      if (octet === 0) return 0
      octet = octet * 10 + c - 48
      c = ++i < end ? text.charCodeAt(i) : 0
      if (c >= 48 && c <= 57) {
        octet = octet * 10 + c - 48
        if (octet > 255) return 0
        c = ++i < end ? text.charCodeAt(i) : 0
      }
    }
    word |= octet << shift
    if (shift === 24) {
      if (i >= end) {
        scanned.length = 32
        return word
      }
      if (c !== 47 || !withLength) return 0
      return scanLength(text, i + 1) ? word : 0
    }
    if (c !== 46) return 0
    i++
  }
}

function scanLength(text: string, at: number): boolean {
  const digits = text.length - at
  if (digits < 1 || digits > 2) return false
  const first = text.charCodeAt(at) - 48
  if (first < 0 || first > 9) return false
  if (digits === 1) {
    scanned.length = first
    return true
  }
  const second = text.charCodeAt(at + 1) - 48
  const length = first * 10 + second
  if (first === 0 || second < 0 || second > 9 || length > 32) return false
  scanned.length = length
  return true
}
