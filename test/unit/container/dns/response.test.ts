import { decode, encode } from 'dns-packet'
import type { Answer, DecodedPacket } from 'dns-packet'
import { describe, expect, it } from 'vitest'
import { answerLocally } from '../../../../src/container/dns/local-answer.js'
import { countAt, responseCode } from '../../../../src/container/dns/message.js'
import { NameDirectory } from '../../../../src/container/dns/names.js'
import { failure, localResponse, refusal, truncate } from '../../../../src/container/dns/response.js'
import { a, options, query, queryBytes } from './messages.js'

type Decoded = DecodedPacket & { rcode?: string }
const read = (bytes: Buffer | undefined): Decoded => decode(bytes!)

describe('localResponse', () => {
  it('repeats id, question and flags, and says what it is', () => {
    const asked = query('WeB', 'A', { flags: 0x0110 })
    const response = read(localResponse(asked, [a('WeB', '10.0.0.1')], 512))
    expect(response).toMatchObject({ type: 'response', id: 0x1234, rcode: 'NOERROR', additionals: [] })
    expect(response.questions).toEqual([{ name: 'WeB', type: 'A', class: 'IN' }])
    expect(response.answers).toEqual([expect.objectContaining(a('WeB', '10.0.0.1'))])
    expect(response).toMatchObject({
      flag_rd: true,
      flag_ra: true,
      flag_aa: true,
      flag_cd: true,
      flag_tc: false
    })
  })

  it('leaves out what does not fit, and says so', () => {
    const records = Array.from({ length: 100 }, (_, i) => a('web', `10.0.0.${i}`))
    for (const [size, count] of [
      [undefined, 25],
      [1232, 63],
      [4096, 100]
    ] as const) {
      const additionals = size === undefined ? [] : [options(size)]
      const asked = query('web', 'A', { additionals })
      const bytes = localResponse(asked, records, asked.limit)
      expect(bytes.length).toBeLessThanOrEqual(size ?? 512)
      const response = read(bytes)
      expect(response.answers).toHaveLength(count)
      expect(response.flag_tc).toBe(count < 100)
      expect(response.additionals).toHaveLength(additionals.length)
    }
  })

  it('refuses a later version of EDNS', () => {
    const asked = query('web', 'A', { additionals: [options(4096, 1)] })
    const response = read(localResponse(asked, [a('web', '10.0.0.1')], 512))
    expect(response.answers).toEqual([])
    expect(response.additionals).toEqual([expect.objectContaining({ extendedRcode: 1, ednsVersion: 0 })])
  })
})

describe('failure and refusal', () => {
  it('say what went wrong', () => {
    const asked = query('web', 'A', { additionals: [options(4096)] })
    expect(read(failure(asked, responseCode.serverFailure))).toMatchObject({
      rcode: 'SERVFAIL',
      id: 0x1234,
      questions: [{ name: 'web', type: 'A' }],
      additionals: [{ type: 'OPT' }],
      flag_aa: false
    })
    const update = queryBytes('web')
    update[2] = 0x28
    const refused = refusal(update, responseCode.notImplemented)
    expect(read(refused)).toMatchObject({ rcode: 'NOTIMP', opcode: 'UPDATE', questions: [{ name: 'web' }] })
  })

  it('repeat names that are no text', () => {
    const bytes = queryBytes('xyz')
    bytes.set([0xff, 0x2e, 0x00], 13)
    const [label] = [bytes.subarray(13, 16)]
    const response = refusal(bytes, responseCode.formatError)
    expect(response.subarray(13, 16)).toEqual(label)
  })
})

describe('truncate', () => {
  const answersOf = (count: number): Answer[] =>
    Array.from({ length: count }, (_, i) => a('www.example.org', `10.0.0.${i}`))
  const response = (count: number, extra: object = {}): Buffer =>
    encode({
      type: 'response',
      id: 7,
      questions: [{ name: 'www.example.org', type: 'A' }],
      answers: answersOf(count),
      ...extra
    })

  it('leaves alone what fits', () => {
    const bytes = response(5)
    expect(truncate(bytes, 512)).toBe(bytes)
  })

  it('cuts at a record, keeps OPT, and drops the rest', () => {
    const authority: Answer = { type: 'NS', name: 'example.org', data: 'ns.example.org' }
    const additionals: Answer[] = [a('ns.example.org', '10.0.0.9'), options(1400)]
    const cut = truncate(response(60, { authorities: [authority], additionals }), 512)
    expect(cut.length).toBeLessThanOrEqual(512)
    const decoded = read(cut)
    expect(decoded.flag_tc).toBe(true)
    expect(decoded.answers).toHaveLength(15)
    expect(decoded.answers).toMatchObject(answersOf(15))
    expect(decoded.authorities).toEqual([])
    expect(decoded.additionals).toEqual([expect.objectContaining({ type: 'OPT', udpPayloadSize: 1400 })])
  })

  it('follows compressed names', () => {
    const record = Buffer.from('c00c00010001000002580004', 'hex')
    const start = response(0)
    const records = Array.from({ length: 50 }, (_, i) => Buffer.concat([record, Buffer.of(10, 0, 0, i)]))
    start.writeUInt16BE(50, countAt.answers)
    const decoded = read(truncate(Buffer.concat([start, ...records]), 512))
    expect(decoded.answers).toHaveLength(29)
    expect(decoded.answers).toMatchObject(answersOf(29))
  })

  it('keeps the question alone of what it can not follow', () => {
    const bytes = Buffer.concat([response(0), Buffer.alloc(600, 0x90)])
    bytes.writeUInt16BE(20, countAt.answers)
    expect(read(truncate(bytes, 512))).toMatchObject({
      flag_tc: true,
      answers: [],
      questions: [{ type: 'A' }]
    })
  })
})

describe('answerLocally', () => {
  const directory = new NameDirectory()
  const entry = { networkId: 'n', networkName: 'net' }
  directory.set({ ...entry, endpointId: 'e1', names: ['both'], address: '10.0.0.1', address6: 'fd00::1' })
  directory.set({ ...entry, endpointId: 'e2', names: ['four'], address: '10.0.0.2' })
  const ask = (name: string, type: string, packet?: object): Decoded | undefined => {
    const bytes = answerLocally(query(name, type, packet), directory, ['n'], 512)
    return bytes && read(bytes)
  }
  const data = (response: Decoded | undefined): unknown =>
    response?.answers?.map((answer) => ('data' in answer ? answer.data : undefined))

  it('gives addresses and names, for 600 s', () => {
    expect(data(ask('both', 'A'))).toEqual(['10.0.0.1'])
    expect(data(ask('BOTH.net', 'AAAA'))).toEqual(['fd00::1'])
    expect(data(ask('both', 'ANY'))).toEqual(['10.0.0.1', 'fd00::1'])
    expect(data(ask('1.0.0.10.in-addr.arpa', 'PTR'))).toEqual(['both.net'])
    const nibbles = `1.${'0.'.repeat(27)}0.0.d.f.ip6.arpa`
    expect(data(ask(nibbles, 'PTR'))).toEqual(['both.net'])
    expect(ask('both', 'A')?.answers).toEqual([
      expect.objectContaining({ ttl: 600, class: 'IN', name: 'both' })
    ])
  })

  it('is empty where a name has no record of the type', () => {
    for (const type of ['AAAA', 'MX', 'TXT', 'SRV', 'PTR', 'HTTPS']) {
      expect(ask('four', type), type).toMatchObject({ rcode: 'NOERROR', answers: [] })
    }
  })

  it('leaves everything else to others', () => {
    expect(ask('nobody', 'A')).toBeUndefined()
    expect(ask('both.org', 'A')).toBeUndefined()
    expect(ask('9.0.0.10.in-addr.arpa', 'PTR')).toBeUndefined()
    expect(ask('both', 'TXT', { questions: [{ name: 'both', type: 'TXT', class: 'CH' }] })).toBeUndefined()
  })
})
