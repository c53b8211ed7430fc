import { encode, encodingLength } from 'dns-packet'
import type { Answer, OptAnswer } from 'dns-packet'
import {
  countAt,
  flag,
  flagsOf,
  headerLength,
  idOf,
  questionOf,
  responseCode,
  skipRecord
} from './message.js'
import type { ResponseCode } from './message.js'
import type { Query } from './query.js'

/** What we say we take over UDP: it passes every path unfragmented (dnsflagday.net/2020). */
const ownLimit = 1232

/** The upper bits of BADVERS (RFC 6891, 9). */
const badVersion = 1

/** The flags of a response that repeat those of the query, and what we always say. */
function responseFlags(query: Buffer, code: number): number {
  const repeated = flagsOf(query) & (flag.opcode | flag.recursionDesired | flag.checkingDisabled)
  return flag.response | repeated | flag.recursionAvailable | code
}

/** A response from what we know ourselves: as many of the records as fit into `limit` bytes. */
export function localResponse(query: Query, records: readonly Answer[], limit: number): Buffer {
  if (query.ednsVersion !== undefined && query.ednsVersion > 0) {
    return compose(query, [], responseFlags(query.bytes, responseCode.noError), badVersion)
  }
  let room = limit - headerLength - query.question.length - (query.ednsVersion === undefined ? 0 : 11)
  const fitting: Answer[] = []
  for (const record of records) {
    room -= encodingLength({ answers: [record] }) - headerLength
    if (room < 0) break
    fitting.push(record)
  }
  const truncated = fitting.length < records.length ? flag.truncated : 0
  const flags = responseFlags(query.bytes, responseCode.noError) | flag.authoritative | truncated
  return compose(query, fitting, flags)
}

/** A response without records that says what went wrong. */
export function failure(query: Query, code: ResponseCode): Buffer {
  return compose(query, [], responseFlags(query.bytes, code))
}

/** The response to what could not be read: the header, and the question if there is one. */
export function refusal(bytes: Buffer, code: ResponseCode): Buffer {
  const question = questionOf(bytes)
  const response = Buffer.alloc(headerLength + (question?.length ?? 0))
  response.writeUInt16BE(idOf(bytes), 0)
  response.writeUInt16BE(responseFlags(bytes, code), 2)
  if (question !== undefined) {
    response.writeUInt16BE(1, countAt.questions)
    question.copy(response, headerLength)
  }
  return response
}

/** The question goes back as it came: clients compare it, letter case included. */
function compose(query: Query, answers: Answer[], flags: number, extendedRcode = 0): Buffer {
  const additionals = query.ednsVersion === undefined ? [] : [ownOptions(extendedRcode)]
  const encoded = encode({ type: 'response', id: idOf(query.bytes), flags, answers, additionals })
  encoded.writeUInt16BE(1, countAt.questions)
  return Buffer.concat([encoded.subarray(0, headerLength), query.question, encoded.subarray(headerLength)])
}

function ownOptions(extendedRcode: number): OptAnswer {
  const size = { udpPayloadSize: ownLimit, extendedRcode, ednsVersion: 0 }
  return { type: 'OPT', name: '.', ...size, flags: 0, flag_do: false, options: [] }
}

/**
 * A response of at most `limit` bytes: one that is longer loses its last records, is marked truncated, and keeps its
 * OPT record (RFC 2181, 9). Names are compressed by pointing back, so what stays remains readable.
 */
export function truncate(response: Buffer, limit: number): Buffer {
  if (response.length <= limit) return response
  const question = questionOf(response)
  const start = headerLength + (question?.length ?? 0)
  const answers = question === undefined ? 0 : response.readUInt16BE(countAt.answers)
  const options = question === undefined ? undefined : findOptions(response, start)
  const room = limit - (options?.length ?? 0)
  let end = start
  let kept = 0
  for (; kept < answers; kept++) {
    const next = skipRecord(response, end)
    if (next === undefined || next > room) break
    end = next
  }
  const cut = Buffer.concat([response.subarray(0, end), options ?? Buffer.alloc(0)])
  cut.writeUInt16BE(flagsOf(response) | flag.truncated, 2)
  cut.writeUInt16BE(question === undefined ? 0 : 1, countAt.questions)
  cut.writeUInt16BE(kept, countAt.answers)
  cut.writeUInt16BE(0, countAt.authorities)
  cut.writeUInt16BE(options === undefined ? 0 : 1, countAt.additionals)
  return cut
}

/** The OPT record (RFC 6891, 6.1.2): a root name and the type 41, among the additional ones. */
function findOptions(response: Buffer, start: number): Buffer | undefined {
  const others = response.readUInt16BE(countAt.answers) + response.readUInt16BE(countAt.authorities)
  const records = others + response.readUInt16BE(countAt.additionals)
  let offset = start
  for (let i = 0; i < records; i++) {
    const next = skipRecord(response, offset)
    if (next === undefined) return undefined
    if (i >= others && response[offset] === 0 && response.readUInt16BE(offset + 1) === 41) {
      return response.subarray(offset, next)
    }
    offset = next
  }
  return undefined
}
