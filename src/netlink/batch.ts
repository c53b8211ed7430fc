import { Writer } from '../codec/index.js'
import { encode, missingLink } from './connection.js'
import type { EncodedRequest, NetlinkConnection, Reply } from './connection.js'
import { NetloomError } from './errors.js'
import type { CallOptions, Operation, Outcome } from './operation.js'

/** The most requests handed over at once: progress is told, and an abort heeded, between two of these. */
const groupSize = 4096

export interface CommitOptions extends CallOptions {
  /**
   * `'collect'` (the default) runs every operation; `'stop'` sends no further datagram after one failed.
   * The kernel runs the rest of that datagram all the same; the outcomes tell what ran.
   */
  readonly onError?: 'collect' | 'stop' | undefined
  /** Called after each group of requests. */
  readonly onProgress?: ((progress: BatchProgress) => void) | undefined
}

export interface BatchProgress {
  /** Operations whose outcome is known by now. */
  readonly done: number
  readonly failed: number
  readonly total: number
}

/** A batch that was aborted, timed out or closed under way; `outcomes` holds what is known. */
export class BatchError extends NetloomError {
  override readonly name = 'BatchError'
  readonly outcomes: readonly Outcome[]

  constructor(cause: unknown, outcomes: readonly Outcome[]) {
    const code = cause instanceof NetloomError ? cause.code : 'ERR_OUTCOME_UNKNOWN'
    const applied = outcomes.filter((outcome) => outcome.status === 'applied').length
    const why = cause instanceof Error ? cause.message : String(cause)
    super(code, `${why}; ${applied} of ${outcomes.length} operations had been applied`, { cause })
    this.outcomes = outcomes
  }
}

/**
 * Operations that are sent together, in order. Each is checked when it is added, so that bad input is
 * refused before anything is sent.
 */
export class OperationQueue {
  readonly #operations: Operation<unknown>[] = []
  readonly #scratch = new Writer()

  get length(): number {
    return this.#operations.length
  }

  /** Returns the index of the operation's outcome. */
  add(operation: Operation<unknown>): number {
    this.#scratch.position = 0
    encode(this.#scratch, operation, () => 1)
    this.#scratch.truncate(0)
    return this.#operations.push(operation) - 1
  }

  /** Sends everything. The outcomes are in the order in which the operations were added. */
  async run(connection: NetlinkConnection, options: CommitOptions = {}): Promise<Outcome[]> {
    const call = connection.settings(options)
    await connection.ready()
    const deadline = call.timeout === undefined ? undefined : Date.now() + call.timeout
    const operations = this.#operations
    const outcomes = operations.map((): Outcome => skipped)
    const stop = options.onError === 'stop'
    let failed = 0
    for (let from = 0; from < operations.length;) {
      const to = groupEnd(operations, from)
      const left = deadline === undefined ? undefined : Math.max(0, deadline - Date.now())
      try {
        call.signal?.throwIfAborted()
        await runGroup(connection, operations, from, to, outcomes, stop, {
          signal: call.signal,
          timeout: left
        })
      } catch (error) {
        if (options.signal?.aborted === true && error === options.signal.reason) {
          throw new BatchError(error, outcomes)
        }
        throw error instanceof NetloomError ? new BatchError(error, outcomes) : error
      }
      for (let i = from; i < to; i++) if (outcomes[i]!.status !== 'applied') failed++
      from = to
      options.onProgress?.({ done: to, failed, total: operations.length })
      if (stop && failed > 0) break
    }
    return outcomes
  }
}

const skipped: Outcome = { status: 'skipped' }

/** A group ends where an operation needs a link that it creates, after a blocking one, and when it is full. */
function groupEnd(operations: readonly Operation<unknown>[], from: number): number {
  const created = new Set<string>()
  const limit = Math.min(operations.length, from + groupSize)
  for (let i = from; i < limit; i++) {
    const operation = operations[i]!
    if (i > from && operation.needs?.some((name) => created.has(name)) === true) return i
    if (operation.blocking === true) return i + 1
    for (const name of operation.creates ?? []) created.add(name)
  }
  return limit
}

async function runGroup(
  connection: NetlinkConnection,
  operations: readonly Operation<unknown>[],
  from: number,
  to: number,
  outcomes: Outcome[],
  stop: boolean,
  call: CallOptions
): Promise<void> {
  const needs = new Set<string>()
  for (let i = from; i < to; i++) for (const name of operations[i]!.needs ?? []) needs.add(name)
  const found = needs.size === 0 ? undefined : await connection.lookUp([...needs], call)
  const writer = new Writer((to - from) * 64)
  const requests: EncodedRequest[] = []
  const indices: number[] = []
  let replies = false
  for (let i = from; i < to; i++) {
    const operation = operations[i]!
    try {
      requests.push(encode(writer, operation, (name) => found?.get(name) ?? missingLink(operation, name)))
    } catch (error) {
      outcomes[i] = { status: 'failed', error: error as Error }
      if (stop) break
      continue
    }
    indices.push(i)
    replies ||= operation.replies === true
  }
  if (requests.length === 0) return
  await send(connection, writer, requests, indices, outcomes, { stopOnError: stop, replies }, call)
}

async function send(
  connection: NetlinkConnection,
  writer: Writer,
  requests: readonly EncodedRequest[],
  indices: readonly number[],
  outcomes: Outcome[],
  how: { readonly stopOnError: boolean; readonly replies: boolean },
  call: CallOptions
): Promise<void> {
  for (let at = 0; at < requests.length;) {
    let replies: Reply[]
    try {
      replies = await connection.exchange(writer, requests.slice(at), how, call)
    } catch (error) {
      for (const index of indices.slice(at)) outcomes[index] = { status: 'unknown', error: error as Error }
      throw error
    }
    const settled = await Promise.all(
      replies.map((reply, i) => outcomeOf(connection, requests[at + i]!.operation, reply, call))
    )
    settled.forEach((outcome, i) => (outcomes[indices[at + i]!] = outcome))
    const unsent = replies.findIndex((reply) => reply.kind === 'unsent')
    if (unsent < 0 || how.stopOnError) return
    // A datagram that could not be sent ended the exchange: its first request carries the error.
    if (unsent === 0) return
    at += unsent
  }
}

async function outcomeOf(
  connection: NetlinkConnection,
  operation: Operation<unknown>,
  reply: Reply,
  call: CallOptions
): Promise<Outcome> {
  switch (reply.kind) {
    case 'failed':
      return { status: 'failed', error: reply.error }
    case 'unknown':
      return { status: 'unknown', error: reply.error }
    case 'unsent':
      return skipped
    case 'done':
      try {
        const value: unknown =
          operation.finish === undefined
            ? operation.read?.(reply.messages)
            : await operation.finish(connection, reply.messages, call)
        return { status: 'applied', value }
      } catch (error) {
        if (error instanceof NetloomError) return { status: 'unknown', error }
        return { status: 'failed', error: error as Error }
      }
  }
}
