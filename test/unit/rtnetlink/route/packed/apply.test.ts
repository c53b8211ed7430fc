/** What becomes of answers that a kernel gives rarely, by a connection that makes them up. */
import { describe, expect, it } from 'vitest'
import type { NativeExchange, NativeRoutes, NativeSocket } from '../../../../../src/binding.js'
import { BulkError, type PackedInetRoutesSpec } from '../../../../../src/index.js'
import type { NativeAnswer, NetlinkConnection } from '../../../../../src/netlink/index.js'
import { applyPacked } from '../../../../../src/rtnetlink/route/packed/apply.js'
import { packedVerbs } from '../../../../../src/rtnetlink/route/packed/verbs.js'

type Sent = NativeRoutes & { readonly stopOnError: boolean | undefined }
type Answers = (sent: Sent, turn: number) => NativeAnswer

const done = (rows: number): NativeExchange => ({
  replies: new Uint8Array(),
  sent: rows,
  unknown: [],
  errno: 0,
  syscall: ''
})
const answered = (result: NativeExchange): NativeAnswer => ({ kind: 'answered', result })

/** An `NLMSG_ERROR` for each row. */
function refusals(errors: Readonly<Record<number, number>>): Uint8Array {
  const parts = Object.entries(errors).map(([row, errno]) => {
    const view = new DataView(new ArrayBuffer(36))
    view.setUint32(0, 36, true)
    view.setUint16(4, 2, true)
    view.setUint16(6, 0x100, true)
    view.setUint32(8, Number(row), true)
    view.setInt32(16, errno, true)
    return new Uint8Array(view.buffer)
  })
  return new Uint8Array(Buffer.concat(parts))
}

function connectionOf(answers: Answers): NetlinkConnection {
  let turn = 0
  const connection = {
    settings: () => ({}),
    ready: async () => undefined,
    refuse: () => undefined,
    transfer: async (send: (socket: NativeSocket, ticket: number) => Promise<NativeExchange>) => {
      let sent: Sent | undefined
      const socket = {
        exchangeRoutes: async (routes: NativeRoutes, how: { stopOnError?: boolean }) => {
          sent = { ...routes, columns: routes.columns.slice(), stopOnError: how.stopOnError }
          return done(routes.rows)
        }
      }
      await send(socket as unknown as NativeSocket, 1)
      return answers(sent!, turn++)
    }
  }
  return connection as unknown as NetlinkConnection
}

const table = (count: number): PackedInetRoutesSpec => ({
  family: 'inet',
  destination: Uint32Array.from({ length: count }, (_, i) => 0x0a000000 + i),
  prefixLength: 32,
  link: 1
})

const apply = (answers: Answers, count: number, onError?: 'collect' | 'stop') =>
  applyPacked(connectionOf(answers), 'routes.addPacked', packedVerbs.add, table(count), { onError }, [
    'EEXIST'
  ])

describe('answers to packed routes', () => {
  it('count what was applied, left alone and refused, in order', async () => {
    const answers: Answers = ({ rows }, turn) =>
      answered({
        ...done(rows),
        replies: turn === 1 ? refusals({ 3: -17, 5: -101, 9: 0 }) : new Uint8Array()
      })
    const result = await apply(answers, 10_000)
    expect(result).toMatchObject({ applied: 9998, unchanged: 1 })
    expect(result.failures).toMatchObject([
      { index: 4096 + 5, input: { destination: '10.0.16.5/32', link: 1 }, error: { code: 'ENETUNREACH' } }
    ])
  })

  it('that were lost leave an outcome unknown, but of those that something is known of', async () => {
    const answers: Answers = ({ rows }) =>
      answered({
        ...done(rows),
        replies: refusals({ 4: -101, 8: -17, 20: -101 }),
        unknown: [2, 6, 8, 10],
        errno: -105,
        syscall: 'recvmsg'
      })
    const result = await apply(answers, 100)
    expect(result).toMatchObject({ applied: 100 - 2 - 1 - 4, unchanged: 1 })
    expect(result.failures.map(({ index, unknown }) => [index, unknown])).toEqual([
      [2, true],
      [3, true],
      [4, undefined],
      [5, true],
      [9, true],
      [20, undefined]
    ])
    expect(result.failures[0]!.error).toMatchObject({ code: 'ENOBUFS', outcomeUnknown: true })
  })

  it('that end the sending end the call, with what is known', async () => {
    const answers: Answers = ({ rows }, turn) =>
      answered(turn === 0 ? done(rows) : { ...done(128), errno: -12, syscall: 'sendmsg' })
    const error = await apply(answers, 20_000).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(BulkError)
    expect(error).toMatchObject({
      cause: { code: 'ENOMEM', syscall: 'sendmsg', request: { input: { family: 'inet', length: 20_000 } } },
      // The block that was waiting behind it was answered too.
      result: { applied: 4096 + 128 + 128, failures: [] }
    })
  })

  it('that tell of a closed socket end the call', async () => {
    const answers: Answers = ({ rows }) =>
      answered({ ...done(rows), sent: 128, unknown: [0, 128], errno: -125, syscall: 'poll' })
    const error = await apply(answers, 200).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'ERR_CLOSED', outcomeUnknown: true, result: { applied: 0 } })
    expect((error as BulkError).result.failures).toHaveLength(128)
  })

  it('that nobody waited for leave all of a block unknown if it was sent', async () => {
    const reason = new Error('aborted')
    const answers: Answers = (_sent, turn) => ({ kind: 'ended', error: reason, sent: turn === 0 })
    const error = await apply(answers, 10_000).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ cause: reason, outcomeUnknown: true })
    const { failures } = (error as BulkError).result
    expect(failures).toHaveLength(4096)
    expect(failures[4095]).toMatchObject({ index: 4095, unknown: true, error: reason })
  })

  it('come one at a time where the first may be the last', async () => {
    const sizes: number[] = []
    const answers: Answers = ({ rows, stopOnError }) => {
      expect(stopOnError).toBe(true)
      sizes.push(rows)
      return answered(
        sizes.length === 2 ? { ...done(rows), sent: 256, replies: refusals({ 130: -101 }) } : done(rows)
      )
    }
    const result = await apply(answers, 20_000, 'stop')
    expect(sizes).toEqual([4096, 4096])
    expect(result).toMatchObject({ applied: 4096 + 255, failures: [{ index: 4096 + 130 }] })
    // An answer that was lost is a failure as well.
    const lost = await apply(
      () => answered({ ...done(128), unknown: [0, 128], errno: -105, syscall: 'recvmsg' }),
      20_000,
      'stop'
    )
    expect(lost.applied).toBe(0)
    expect(lost.failures).toHaveLength(128)
  })
})
