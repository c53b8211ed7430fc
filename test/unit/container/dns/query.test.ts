import { encode } from 'dns-packet'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answerLocally } from '../../../../src/container/dns/local-answer.js'
import { countAt, responseCode } from '../../../../src/container/dns/message.js'
import { NameDirectory } from '../../../../src/container/dns/names.js'
import { readQuery } from '../../../../src/container/dns/query.js'
import { failure, refusal, truncate } from '../../../../src/container/dns/response.js'
import { answers } from '../../../../src/container/dns/upstream-answer.js'
import { a, options, query, queryBytes } from './messages.js'

function changed(bytes: Buffer, offset: number, ...values: number[]): Buffer {
  const copy = Buffer.from(bytes)
  copy.set(values, offset)
  return copy
}

describe('readQuery', () => {
  it('reads the question, and what the client takes', () => {
    expect(query('Web.Net', 'AAAA')).toMatchObject({ name: 'Web.Net', type: 'AAAA', class: 'IN', limit: 512 })
    expect(query('web').ednsVersion).toBeUndefined()
    expect(query('.', 'NS').name).toBe('.')
    expect(query('web', 'A', { additionals: [options(4096)] })).toMatchObject({ limit: 4096, ednsVersion: 0 })
    expect(query('web', 'A', { additionals: [options(100)] }).limit).toBe(512)
    expect(query('web').question).toEqual(queryBytes('web').subarray(12))
  })

  it('reads types and classes that nobody knows', () => {
    const bytes = queryBytes('web')
    bytes.writeUInt16BE(65280, bytes.length - 4)
    bytes.writeUInt16BE(4711, bytes.length - 2)
    expect(readQuery(bytes)).toMatchObject({ type: 'UNKNOWN_65280', class: 'UNKNOWN_4711' })
  })

  it('is silent to what is no query', () => {
    expect(readQuery(Buffer.alloc(0))).toBeUndefined()
    expect(readQuery(queryBytes('web').subarray(0, 11))).toBeUndefined()
    expect(readQuery(encode({ type: 'response', questions: [{ name: 'web', type: 'A' }] }))).toBeUndefined()
  })

  it('refuses what it can not answer', () => {
    const bytes = queryBytes('web', 'A', { additionals: [options(4096)] })
    const { formatError, notImplemented } = responseCode
    expect(readQuery(changed(bytes, 2, 0x28)), 'an update').toBe(notImplemented)
    expect(readQuery(changed(bytes, countAt.questions, 0, 0)), 'no question').toBe(formatError)
    expect(readQuery(changed(bytes, countAt.questions, 0, 2)), 'two questions').toBe(formatError)
    expect(readQuery(changed(bytes, countAt.additionals, 0, 2)), 'a missing record').toBe(formatError)
    expect(readQuery(changed(bytes, countAt.additionals, 0xff, 0xff)), 'many records').toBe(formatError)
    expect(readQuery(bytes.subarray(0, -1)), 'cut off').toBe(formatError)
    expect(readQuery(changed(bytes, 12, 0xc0, 0x04)), 'a pointer').toBe(formatError)
    expect(readQuery(changed(bytes, 12, 0x40)), 'a label of 64 bytes').toBe(formatError)
    expect(readQuery(changed(bytes, 12, 0x3f)), 'a label past the end').toBe(formatError)
    const twice = queryBytes('web', 'A', { additionals: [options(4096), options(4096)] })
    expect(readQuery(twice), 'two OPT records').toBe(formatError)
  })
})

describe('bytes of any kind', () => {
  const directory = new NameDirectory()
  const entry = { endpointId: 'e', networkId: 'n', networkName: 'net', address: '10.0.0.1' }
  directory.set({ ...entry, names: ['web', 'a'] })

  /** Everything that is done with what came from a client, or from a server. */
  function treat(bytes: Buffer): void {
    const read = readQuery(bytes)
    if (typeof read === 'number') refusal(bytes, read)
    if (typeof read === 'object') {
      const { question } = read
      const made = [answerLocally(read, directory, ['n'], 512), failure(read, responseCode.serverFailure)]
      for (const response of made) {
        if (response === undefined) continue
        expect(response.length).toBeLessThanOrEqual(512)
        expect(response.subarray(12, 12 + question.length)).toEqual(question)
        expect(answers(response, read, response.readUInt16BE(0))).toBe(true)
      }
    }
    answers(bytes, query('web'), 0x1234)
    if (bytes.length >= 12) expect(truncate(bytes, 512).length).toBeLessThanOrEqual(Math.max(512, 12 + 259))
  }

  it('never throw', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 800 }), (bytes) => treat(Buffer.from(bytes))))
  })

  it('never throw where a message was damaged', () => {
    const records = Array.from({ length: 30 }, (_, i) => a('web.net', `10.0.0.${i}`))
    const seeds = [
      queryBytes('web'),
      queryBytes('web.net', 'AAAA', { additionals: [options(4096)] }),
      queryBytes('1.0.0.10.in-addr.arpa', 'PTR'),
      queryBytes('web', 'A', { type: 'response', answers: records, additionals: [options(4096)] })
    ]
    const damage = fc.array(fc.tuple(fc.nat(700), fc.nat(255)), { maxLength: 6 })
    const cut = fc.nat(700)
    fc.assert(
      fc.property(fc.constantFrom(...seeds), damage, cut, (seed, places, length) => {
        const bytes = Buffer.from(seed.subarray(0, length + 1))
        for (const [offset, value] of places) bytes[offset % bytes.length] = value
        treat(bytes)
      }),
      { numRuns: 2_000 }
    )
  })
})
