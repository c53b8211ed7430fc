import { BatchError, NetlinkError, NetloomError, nameErrors } from '../index.js'
import type { Outcome } from '../index.js'

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

/** What became of the inputs of a bulk verb. */
export interface BulkResult<In> {
  readonly applied: number
  /** What was already so: it was there, or gone, and that was asked to be no failure. */
  readonly unchanged: number
  /** By their place among the inputs. */
  readonly failures: readonly BulkFailure<In>[]
}

/**
 * A bulk call that ended under way: it was aborted, timed out or closed, or the inputs or `onProgress` threw.
 * `result` holds what is known.
 */
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

/** A result while it grows. */
export class Tally<In> implements BulkResult<In> {
  applied = 0
  unchanged = 0
  readonly failures: BulkFailure<In>[] = []
  readonly #unchanged: readonly string[]

  /** An error whose code is one of `unchanged` is no failure. */
  constructor(unchanged: readonly string[]) {
    this.#unchanged = unchanged
  }

  /** An input that could not be right. */
  refuse(index: number, input: In, error: Error): void {
    this.failures.push({ index, input, error })
  }

  /** What became of an input that was sent, unless it was skipped. */
  count(index: number, input: In, outcome: Outcome): void {
    if (outcome.status === 'applied') this.applied++
    else if (outcome.status !== 'skipped') {
      const { error } = outcome
      if (error instanceof NetlinkError && this.#unchanged.includes(error.code)) this.unchanged++
      else if (outcome.status === 'unknown') this.failures.push({ index, input, error, unknown: true })
      else this.failures.push({ index, input, error })
    }
  }

  /** The result, its failures by the place of their inputs: what can't be right is known before the rest. */
  get result(): BulkResult<In> {
    const failures = [...this.failures].sort((a, b) => a.index - b.index)
    return { applied: this.applied, unchanged: this.unchanged, failures }
  }
}

/** Counts the outcomes of a batch, also of one that ended under way, which is thrown all the same. */
export async function settle(
  batch: Promise<readonly Outcome[]>,
  count: (outcome: Outcome, index: number) => void
): Promise<void> {
  try {
    ;(await batch).forEach(count)
  } catch (error) {
    if (error instanceof BatchError) error.outcomes.forEach(count)
    throw error
  }
}
