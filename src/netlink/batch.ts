import { InvalidType, invalidValue, within } from '../codec/index.js'
import { BatchError } from './batch-error.js'
import { checkCallOptions } from './call.js'
import type { RunningCall } from './call.js'
import type { NetlinkConnection } from './connection.js'
import { errnoOf } from './errno.js'
import { NetlinkError, NetloomError } from './errors.js'
import type { RequestDescription } from './errors.js'
import { Group } from './group.js'
import type { CallOptions, Operation, Outcome } from './operation.js'
import { Pacer } from './pacer.js'
import type { Reply } from './reply.js'
import type { Requests } from './request.js'

export interface CommitOptions extends CallOptions {
  /**
   * `'collect'` (the default) runs every operation; `'stop'` sends no further datagram after one failed.
   * The kernel runs the rest of that datagram all the same; the outcomes tell what ran.
   */
  readonly onError?: 'collect' | 'stop' | undefined
  /** Called after each group of requests. What it throws ends the batch. */
  readonly onProgress?: ((progress: BatchProgress) => void) | undefined
}

export interface BatchProgress {
  /** Operations whose outcome is known by now, and those that were skipped. */
  readonly done: number
  /** Operations that failed, or whose outcome was lost. */
  readonly failed: number
  readonly total: number
}

/** Refuses options of a commit, or of a bulk verb, that can't be right. */
export function checkCommitOptions(
  options: CallOptions & { readonly onError?: unknown; readonly onProgress?: unknown }
): void {
  checkCallOptions(options)
  const { onError, onProgress } = options
  if (onError !== undefined && onError !== 'collect' && onError !== 'stop') {
    within('onError', () => invalidValue(onError, '"collect" or "stop"'))
  }
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new InvalidType(onProgress, 'a function').within('onProgress')
  }
}

const skipped: Outcome = Object.freeze({ status: 'skipped' })
/** Most operations have no value: they share their outcome. */
const applied: Outcome = Object.freeze({ status: 'applied', value: undefined })

/**
 * Operations that are sent together, in order. Each is checked, and written where no link has to be looked
 * up for it, when it is added: bad input is refused before anything is sent.
 */
export class OperationQueue {
  readonly #groups: Group[] = []
  readonly #request: RequestDescription
  #length = 0

  /** `request` names the whole in errors. */
  constructor(request: RequestDescription = { method: 'batch.commit', input: undefined }) {
    this.#request = request
  }

  get length(): number {
    return this.#length
  }

  /** Returns the index of the operation's outcome. */
  add(operation: Operation<unknown>): number {
    const last = this.#groups.at(-1)
    if (last?.takes(operation) === true) {
      last.add(operation)
    } else {
      const group = new Group()
      group.add(operation)
      this.#groups.push(group)
    }
    return this.#length++
  }

  /** Adds many, and lets the event loop have its turns meanwhile. */
  async addAll(operations: Iterable<Operation<unknown>>): Promise<void> {
    const pacer = new Pacer()
    for (const operation of operations) {
      this.add(operation)
      if (pacer.due()) await pacer.turn()
    }
  }

  /**
   * Sends everything. The outcomes are in the order in which the operations were added. `call` is the one that
   * this is a part of, if it is.
   */
  async run(
    connection: NetlinkConnection,
    options: CommitOptions = {},
    call: RunningCall = connection.settings(options)
  ): Promise<Outcome[]> {
    checkCommitOptions(options)
    const total = this.#length
    const run = new Run(connection, call, this.#request, total, options.onError === 'stop')
    try {
      await connection.ready(call, this.#request)
      for (const group of this.#groups) {
        await run.group(group)
        options.onProgress?.({ done: run.done, failed: run.failed, total })
        if (run.stopped) break
      }
    } catch (error) {
      throw new BatchError(error, run.outcomes)
    }
    return run.outcomes
  }
}

/** A batch under way. */
class Run {
  readonly outcomes: Outcome[]
  done = 0
  failed = 0
  readonly #connection: NetlinkConnection
  readonly #call: RunningCall
  readonly #request: RequestDescription
  readonly #stop: boolean

  constructor(
    connection: NetlinkConnection,
    call: RunningCall,
    request: RequestDescription,
    total: number,
    stop: boolean
  ) {
    this.#connection = connection
    this.#call = call
    this.#request = request
    this.#stop = stop
    this.outcomes = new Array<Outcome>(total).fill(skipped)
  }

  get stopped(): boolean {
    return this.#stop && this.failed > 0
  }

  /** Runs the next group. */
  async group(group: Group): Promise<void> {
    this.#connection.refuse(this.#call, this.#request)
    const base = this.done
    const found = await this.#connection.lookUp([...group.needs], this.#call)
    const { requests, indices, refused } = group.requests(found, this.#stop)
    for (const { index, error } of refused) this.#settle(base + index, { status: 'failed', error })
    if (requests.operations.length > 0) {
      const place = (index: number): number => base + (indices === undefined ? index : indices[index]!)
      const interrupted = await this.#send(requests, group.replies, place)
      // A `finish` that had no time left, or no socket, says so in its own outcome; the batch ends as well.
      if (interrupted) this.#connection.refuse(this.#call, this.#request)
    }
    this.done = base + group.operations.length
  }

  #settle(index: number, outcome: Outcome): void {
    this.outcomes[index] = outcome
    if (outcome.status === 'failed' || outcome.status === 'unknown') this.failed++
  }

  /** True if an outcome is unknown. */
  async #send(requests: Requests, replies: boolean, place: (index: number) => number): Promise<boolean> {
    const how = { replies, stopOnError: this.#stop }
    const count = requests.operations.length
    let unknown = false
    for (let first = 0; first < count;) {
      const answer = await this.#connection.exchange(requests, first, how, this.#call, this.#request)
      if (answer.kind === 'ended') {
        if (answer.sent) {
          const outcome: Outcome = { status: 'unknown', error: answer.error as Error }
          for (let index = first; index < count; index++) this.#settle(place(index), outcome)
        }
        throw answer.error
      }
      unknown = (await this.#take(answer.replies, requests, first, place)) || unknown
      const unsent = answer.replies.findIndex((reply) => reply.kind === 'unsent')
      if (unsent < 0 || this.#stop) break
      this.#connection.refuse(this.#call, this.#request)
      const before = answer.replies[unsent - 1]
      if (before?.kind !== 'failed') break
      first += unsent
      if (before.error.errno === tooLarge) continue
      // What keeps one datagram from being sent keeps the rest from it.
      const { errno, syscall } = before.error
      for (; first < count; first++) {
        const { request } = requests.operations[first]!
        this.#settle(place(first), { status: 'failed', error: new NetlinkError({ errno, syscall, request }) })
      }
    }
    return unknown
  }

  /** Turns replies into outcomes. True if one is unknown. */
  async #take(
    replies: readonly Reply[],
    requests: Requests,
    first: number,
    place: (index: number) => number
  ): Promise<boolean> {
    const pacer = new Pacer()
    const finishing: Promise<void>[] = []
    let unknown = false
    const settle = (index: number, outcome: Outcome): void => {
      this.#settle(place(first + index), outcome)
      unknown ||= outcome.status === 'unknown'
    }
    for (let index = 0; index < replies.length; index++) {
      const reply = replies[index]!
      const operation = requests.operations[first + index]!
      if (reply.kind !== 'done') {
        if (reply.kind !== 'unsent') settle(index, { status: reply.kind, error: reply.error })
      } else if (operation.finish !== undefined) {
        finishing.push(this.#finish(operation, reply).then((outcome) => settle(index, outcome)))
      } else {
        settle(index, read(operation, reply))
      }
      if (pacer.due()) await pacer.turn()
    }
    await Promise.all(finishing)
    return unknown
  }

  async #finish(operation: Operation<unknown>, reply: Reply & { kind: 'done' }): Promise<Outcome> {
    try {
      const value = await operation.finish!(this.#connection, reply.messages, this.#call)
      return { status: 'applied', value }
    } catch (error) {
      // A refusal was undone; what was aborted, late, closed or lost may have left things half made.
      const { signal } = this.#call
      const aborted = signal?.aborted === true && error === signal.reason
      const lost = error instanceof NetlinkError && error.outcomeUnknown
      const status = aborted || lost || error instanceof NetloomError ? 'unknown' : 'failed'
      return { status, error: error as Error }
    }
  }
}

const tooLarge = errnoOf('EMSGSIZE')

function read(operation: Operation<unknown>, reply: Reply & { kind: 'done' }): Outcome {
  if (operation.read === undefined) return applied
  try {
    return { status: 'applied', value: operation.read(reply.messages) }
  } catch (error) {
    // The kernel ran it, and answered what can't be understood.
    return { status: 'unknown', error: error as Error }
  }
}
