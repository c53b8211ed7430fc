import { NetloomError, nameErrors } from './errors.js'
import type { Outcome } from './operation.js'

/** A batch that was aborted, timed out or closed under way; `outcomes` holds what is known. */
export class BatchError extends NetloomError {
  /**
   * In the order of the operations. `'skipped'` ones were not sent; `'unknown'` ones were under way.
   */
  readonly outcomes: readonly Outcome[]

  /** `cause` is what ended it: the reason of the abort, the error of the timeout. */
  constructor(cause: unknown, outcomes: readonly Outcome[]) {
    const code = cause instanceof NetloomError ? cause.code : 'ERR_BATCH_ENDED'
    const count = (status: Outcome['status']): number =>
      outcomes.reduce((sum, outcome) => sum + (outcome.status === status ? 1 : 0), 0)
    const why = cause instanceof Error ? cause.message : String(cause)
    const unknown = count('unknown')
    const known = `${count('applied')} of ${outcomes.length} operations were applied, ${count('failed')} failed`
    super(code, `${why}; ${known}, ${unknown} unknown, ${count('skipped')} not sent`, {
      cause,
      outcomeUnknown: unknown > 0
    })
    this.outcomes = outcomes
  }

  static {
    nameErrors(this, 'BatchError')
  }
}
