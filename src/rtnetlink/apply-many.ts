import { BatchError, NetlinkError, NetloomError, OperationQueue, nameErrors } from '../netlink/index.js'
import type { CallOptions, NetlinkConnection, Operation, Outcome } from '../netlink/index.js'

/** How many inputs are held, checked and sent at a time. */
const chunkSize = 4096

export interface BulkOptions extends CallOptions {
  /**
   * `'collect'` (the default) goes on after a failure; `'stop'` sends no further datagram. The kernel runs
   * the rest of a datagram all the same, so some that come after the failure may have been applied.
   */
  readonly onError?: 'collect' | 'stop' | undefined
  /** Called after each few thousand inputs. */
  readonly onProgress?: ((progress: BulkProgress) => void) | undefined
}

export interface BulkProgress {
  readonly applied: number
  readonly failed: number
}

/** One input that was not applied. */
export interface BulkFailure<In> {
  /** Its place among the inputs, from 0. */
  readonly index: number
  readonly input: In
  /** The kernel's refusal, or a `TypeError` or `RangeError` for an input that was never sent. */
  readonly error: Error
  /** The kernel's answer was lost: it may have been applied. */
  readonly unknown?: true
}

export interface BulkResult<In> {
  readonly applied: number
  /** What was already so: it was there, or gone, and that was asked to be no failure. */
  readonly unchanged: number
  readonly failures: readonly BulkFailure<In>[]
}

/** A bulk operation that was aborted, timed out or closed under way; `result` holds what is known. */
export class BulkError<In = unknown> extends NetloomError {
  readonly result: BulkResult<In>

  /** `cause` is what ended it: the reason of the abort, the error of the timeout. */
  constructor(cause: unknown, result: BulkResult<In>) {
    const code = cause instanceof NetloomError ? cause.code : 'ERR_BATCH_ENDED'
    const why = cause instanceof Error ? cause.message : String(cause)
    const unknown = result.failures.filter((failure) => failure.unknown === true).length
    const known = `${result.applied} were applied, ${result.failures.length - unknown} failed`
    super(code, `${why}; ${known}, ${unknown} unknown`, { cause, outcomeUnknown: unknown > 0 })
    this.result = result
  }

  static {
    nameErrors(this, 'BulkError')
  }
}

/**
 * Runs an operation for each of many inputs, in order, without ever holding more than a few thousand. An
 * error whose code is one of `unchanged` is no failure.
 */
export async function applyMany<In>(
  connection: NetlinkConnection,
  inputs: Iterable<In> | AsyncIterable<In>,
  make: (input: In) => Operation<unknown>,
  options: BulkOptions = {},
  unchanged: readonly string[] = []
): Promise<BulkResult<In>> {
  const call = connection.settings(options)
  const deadline = call.timeout === undefined ? undefined : Date.now() + call.timeout
  const result = { applied: 0, unchanged: 0, failures: [] as BulkFailure<In>[] }
  const stop = options.onError === 'stop'
  let chunk = new Chunk(result, unchanged, 0)
  const flush = async (): Promise<void> => {
    const timeout = deadline === undefined ? undefined : Math.max(0, deadline - Date.now())
    try {
      await chunk.run(connection, { signal: call.signal, timeout, onError: options.onError })
    } catch (error) {
      const aborted = call.signal?.aborted === true && error === call.signal.reason
      if (error instanceof BatchError) throw new BulkError(error.cause, result)
      throw aborted || error instanceof NetloomError ? new BulkError(error, result) : error
    }
    options.onProgress?.({ applied: result.applied, failed: result.failures.length })
    chunk = new Chunk(result, unchanged, chunk.end)
  }
  for await (const input of inputs) {
    const good = chunk.add(input, make)
    if (!good && stop) break
    if (chunk.length >= chunkSize) await flush()
    if (stop && result.failures.length > 0) return result
  }
  if (chunk.length > 0) await flush()
  return result
}

interface Tally<In> {
  applied: number
  unchanged: number
  readonly failures: BulkFailure<In>[]
}

/** Some of the inputs, on their way. */
class Chunk<In> {
  readonly #tally: Tally<In>
  readonly #unchanged: readonly string[]
  readonly #queue = new OperationQueue()
  readonly #inputs: In[] = []
  readonly #indices: number[] = []
  #next: number

  constructor(tally: Tally<In>, unchanged: readonly string[], first: number) {
    this.#tally = tally
    this.#unchanged = unchanged
    this.#next = first
  }

  get length(): number {
    return this.#queue.length
  }

  /** The index of the next input. */
  get end(): number {
    return this.#next
  }

  /** Queues an input; false if it can't be right, which is then a failure. */
  add(input: In, make: (input: In) => Operation<unknown>): boolean {
    const index = this.#next++
    try {
      this.#queue.add(make(input))
    } catch (error) {
      this.#tally.failures.push({ index, input, error: error as Error })
      return false
    }
    this.#inputs.push(input)
    this.#indices.push(index)
    return true
  }

  async run(
    connection: NetlinkConnection,
    options: CallOptions & { readonly onError: 'collect' | 'stop' | undefined }
  ): Promise<void> {
    try {
      this.#count(await this.#queue.run(connection, options))
    } catch (error) {
      if (error instanceof BatchError) this.#count(error.outcomes)
      throw error
    }
  }

  #count(outcomes: readonly Outcome[]): void {
    const tally = this.#tally
    const before = tally.failures.length
    outcomes.forEach((outcome, i) => {
      if (outcome.status === 'applied') tally.applied++
      else if (outcome.status !== 'skipped') {
        const { error } = outcome
        if (error instanceof NetlinkError && this.#unchanged.includes(error.code)) tally.unchanged++
        else tally.failures.push(this.#failure(i, error, outcome.status === 'unknown'))
      }
    })
    // Inputs that could not be right were noted when they were met, before these.
    if (before > 0) tally.failures.sort((a, b) => a.index - b.index)
  }

  #failure(i: number, error: Error, unknown: boolean): BulkFailure<In> {
    const failure = { index: this.#indices[i]!, input: this.#inputs[i]!, error }
    return unknown ? { ...failure, unknown } : failure
  }
}
