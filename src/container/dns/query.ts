import { decode } from 'dns-packet'
import {
  countAt,
  flag,
  flagsOf,
  headerLength,
  isResponse,
  largestDatagram,
  questionOf,
  responseCode,
  smallestLimit
} from './message.js'
import type { ResponseCode } from './message.js'

/** A query with one question. */
export interface Query {
  /** As it was sent. */
  readonly bytes: Buffer
  /** The question section, as it was sent. */
  readonly question: Buffer
  /** Without the dot at its end, in the letters of the client; `'.'` is the root. */
  readonly name: string
  /** `'A'`, `'AAAA'`; `'UNKNOWN_65280'` for what has no name. */
  readonly type: string
  /** `'IN'` */
  readonly class: string
  /** How long an answer over UDP may be. */
  readonly limit: number
  /** The version of EDNS that the client speaks, if it does (RFC 6891). */
  readonly ednsVersion?: number | undefined
}

/** A resource record takes at least so many bytes: a root name, type, class, lifetime and length. */
const smallestRecord = 11

/**
 * Reads a query. What can't be answered gives the code to refuse it with; what isn't to be answered at all, such as
 * a response, gives undefined.
 */
export function readQuery(bytes: Buffer): Query | ResponseCode | undefined {
  if (bytes.length < headerLength || isResponse(bytes)) return undefined
  if ((flagsOf(bytes) & flag.opcode) !== 0) return responseCode.notImplemented
  const question = questionOf(bytes)
  if (question === undefined || !plausible(bytes, question)) return responseCode.formatError
  try {
    const { questions = [], additionals = [] } = decode(bytes)
    const { name, type, class: recordClass = 'IN' } = questions[0]!
    let limit = smallestLimit
    let ednsVersion: number | undefined
    for (const record of additionals) {
      if (record.type !== 'OPT') continue
      if (ednsVersion !== undefined) return responseCode.formatError
      limit = Math.min(largestDatagram, Math.max(smallestLimit, record.udpPayloadSize))
      ednsVersion = record.ednsVersion
    }
    return { bytes, question, name, type, class: recordClass, limit, ednsVersion }
  } catch {
    return responseCode.formatError
  }
}

/** The records that the header counts could be there: the decoder makes room for them before it looks. */
function plausible(bytes: Buffer, question: Buffer): boolean {
  const records =
    bytes.readUInt16BE(countAt.answers) +
    bytes.readUInt16BE(countAt.authorities) +
    bytes.readUInt16BE(countAt.additionals)
  return records * smallestRecord <= bytes.length - headerLength - question.length
}
