/** The places of a DNS message that can be read and written without decoding it (RFC 1035, 4.1). */

export const headerLength = 12

/** Bits of the second word of the header. */
export const flag = {
  response: 0x8000,
  opcode: 0x7800,
  authoritative: 0x0400,
  truncated: 0x0200,
  recursionDesired: 0x0100,
  recursionAvailable: 0x0080,
  checkingDisabled: 0x0010,
  responseCode: 0x000f
} as const

/** Response codes (RFC 1035, 4.1.1). */
export const responseCode = {
  noError: 0,
  formatError: 1,
  serverFailure: 2,
  nameError: 3,
  notImplemented: 4,
  refused: 5
} as const

export type ResponseCode = (typeof responseCode)[keyof typeof responseCode]

/** What every client takes over UDP (RFC 1035, 2.3.4). */
export const smallestLimit = 512

/** What fits into an IPv4 packet behind its header and that of UDP. */
export const largestDatagram = 65_507

/** What the length before a message can say (RFC 1035, 4.2.2). */
export const largestMessage = 0xffff

/** Where the counts of the four sections are. */
export const countAt = { questions: 4, answers: 6, authorities: 8, additionals: 10 } as const

export const idOf = (message: Buffer): number => message.readUInt16BE(0)
export const flagsOf = (message: Buffer): number => message.readUInt16BE(2)
export const codeOf = (message: Buffer): number => flagsOf(message) & flag.responseCode
export const isResponse = (message: Buffer): boolean => (flagsOf(message) & flag.response) !== 0
export const isTruncated = (message: Buffer): boolean => (flagsOf(message) & flag.truncated) !== 0

/** A copy of a message under another id. */
export function withId(message: Buffer, id: number): Buffer {
  const copy = Buffer.from(message)
  copy.writeUInt16BE(id, 0)
  return copy
}

/** The question as it was sent, of a message that has one without a compressed name; else undefined. */
export function questionOf(message: Buffer): Buffer | undefined {
  if (message.length < headerLength || message.readUInt16BE(countAt.questions) !== 1) return undefined
  let offset: number = headerLength
  for (;;) {
    const length = message[offset]
    // A name has at most 255 bytes, and a length above 63 is a pointer (RFC 1035, 4.1.4).
    if (length === undefined || length > 63 || offset - headerLength > 254) return undefined
    offset += length + 1
    if (length === 0) break
  }
  const end = offset + 4
  return end > message.length ? undefined : message.subarray(headerLength, end)
}

/** The first byte behind a name, compressed or not; undefined if it doesn't end within the message. */
function skipName(message: Buffer, start: number): number | undefined {
  let offset = start
  for (;;) {
    const length = message[offset]
    if (length === undefined) return undefined
    if (length >= 0xc0) return offset + 2
    if (length > 63) return undefined
    offset += length + 1
    if (length === 0) return offset
  }
}

/** The first byte behind the resource record at `start`; undefined if it doesn't end within the message. */
export function skipRecord(message: Buffer, start: number): number | undefined {
  const fixed = skipName(message, start)
  if (fixed === undefined || fixed + 10 > message.length) return undefined
  const end = fixed + 10 + message.readUInt16BE(fixed + 8)
  return end > message.length ? undefined : end
}
