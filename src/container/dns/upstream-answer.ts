import { headerLength, idOf, isResponse, questionOf } from './message.js'
import type { Query } from './query.js'

/**
 * Whether a message answers a query that was sent under this id: anybody can send us one (RFC 5452, 9.1). Letter case
 * in the name may differ, as some servers change it.
 */
export function answers(message: Buffer, query: Query, id: number): boolean {
  if (message.length < headerLength || idOf(message) !== id || !isResponse(message)) return false
  const question = questionOf(message)
  // A server that could not read the query has no question to repeat.
  if (question === undefined) return message.length === headerLength && message.readUInt16BE(4) === 0
  return sameQuestion(question, query.question)
}

function sameQuestion(a: Buffer, b: Buffer): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i] && (i >= a.length - 4 || lower(a[i]!) !== lower(b[i]!))) return false
  }
  return true
}

/** ASCII alone has cases here (RFC 4343); the lengths of labels are below its letters. */
const lower = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte)
