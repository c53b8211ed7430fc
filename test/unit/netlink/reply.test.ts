import { describe, expect, it } from 'vitest'
import type { NativeExchange } from '../../../src/binding.js'
import { Writer, attribute, record, u32 } from '../../../src/codec/index.js'
import type { Operation } from '../../../src/netlink/index.js'
import { sortReplies } from '../../../src/netlink/reply.js'
import { encode } from '../../../src/netlink/request.js'
import type { Requests } from '../../../src/netlink/request.js'

// Lost answers: the kernel loses them when it likes, so these are told by hand.

const schema = record({ value: attribute(1, u32) })

function requests(count: number): Requests {
  const writer = new Writer()
  const operations = Array.from({ length: count }, (_, i): Operation<unknown> => {
    return {
      request: { method: 'test', input: i },
      syscall: 'RTM_TEST',
      type: 24,
      flags: 0,
      schema,
      write: (into) => schema.write(into, { value: i })
    }
  })
  const starts = operations.map((operation) => encode(writer, operation, () => 1))
  return { operations, bytes: writer.written(), starts }
}

function refusal(sequence: number, errno: number): Uint8Array {
  const bytes = new Uint8Array(44)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 44, true)
  view.setUint16(4, 2, true)
  view.setUint16(6, 0x300, true)
  view.setUint32(8, sequence, true)
  view.setInt32(16, errno, true)
  view.setUint16(36, 8, true)
  view.setUint16(38, 2, true)
  view.setUint32(40, 16, true)
  return bytes
}

const result = (given: Partial<NativeExchange>): NativeExchange => ({
  replies: new Uint8Array(0),
  sent: 4,
  unknown: [],
  errno: 0,
  syscall: '',
  ...given
})

const kinds = async (given: Partial<NativeExchange>, first = 0): Promise<string[]> =>
  (await sortReplies(result(given), requests(4), first)).map(({ kind }) => kind)

describe('sorting replies', () => {
  it('takes silence for success', async () => {
    expect(await kinds({})).toEqual(['done', 'done', 'done', 'done'])
  })

  it('reports what was lost as unknown, but for what is known all the same', async () => {
    const lost = { unknown: [1, 4], errno: -105, syscall: 'recvmsg', replies: refusal(2, -17) }
    expect(await kinds(lost)).toEqual(['done', 'unknown', 'failed', 'unknown'])
    const [, second] = await sortReplies(result(lost), requests(4), 0)
    expect(second).toMatchObject({ error: { code: 'ENOBUFS', outcomeUnknown: true, request: { input: 1 } } })
  })

  it('blames the first request that could not be sent, and calls the rest unsent', async () => {
    const ended = { sent: 2, errno: -90, syscall: 'sendmsg' }
    expect(await kinds(ended)).toEqual(['done', 'done', 'failed', 'unsent'])
  })

  it('blames nobody for a socket that was closed or a batch that was stopped', async () => {
    expect(await kinds({ sent: 2, errno: -125, syscall: 'sendmsg' })).toEqual([
      'done',
      'done',
      'unsent',
      'unsent'
    ])
    expect(await kinds({ sent: 1, replies: refusal(0, -17) })).toEqual([
      'failed',
      'unsent',
      'unsent',
      'unsent'
    ])
  })

  it('says ERR_CLOSED of what was under way when the socket was closed', async () => {
    const closed = result({ unknown: [0, 1], errno: -125, syscall: 'poll', sent: 1 })
    expect((await sortReplies(closed, requests(1), 0))[0]).toMatchObject({
      kind: 'unknown',
      error: { code: 'ERR_CLOSED', outcomeUnknown: true }
    })
  })

  it('counts from the request that an exchange began with', async () => {
    const replies = await sortReplies(result({ sent: 2, replies: refusal(1, -17) }), requests(4), 2)
    expect(replies).toMatchObject([
      { kind: 'done' },
      { error: { request: { input: 3 }, attribute: 'value' } }
    ])
  })

  it('gives every error its own words and a stack trace', async () => {
    const bytes = Uint8Array.of(...refusal(0, -17), ...refusal(1, -2), ...refusal(2, -17))
    const errors = (await sortReplies(result({ replies: bytes }), requests(4), 0)).flatMap((reply) =>
      reply.kind === 'failed' ? [reply.error] : []
    )
    expect(errors.map(({ code }) => code)).toEqual(['EEXIST', 'ENOENT', 'EEXIST'])
    for (const { message, stack } of errors) {
      expect(stack?.startsWith(`NetlinkError: ${message}\n    at `)).toBe(true)
    }
  })

  it('ignores an answer to nothing that was asked', async () => {
    expect(await kinds({ replies: refusal(77, -17) })).toEqual(['done', 'done', 'done', 'done'])
  })
})
