import { invalidValue, within } from '../../codec/index.js'
import type { CallOptions } from '../index.js'

/** What every bulk verb takes last. */
export interface BulkOptions extends CallOptions {
  /**
   * `'collect'` (the default) goes on after a failure; `'stop'` sends no further datagram. The kernel runs
   * the rest of a datagram all the same, so some that come after the failure may have been applied.
   */
  readonly onError?: 'collect' | 'stop' | undefined
  /** Called after each few thousand inputs. What it throws ends the call, with a `BulkError`. */
  readonly onProgress?: ((progress: BulkProgress) => void) | undefined
}

/** What became of the inputs that were dealt with so far. */
export interface BulkProgress {
  readonly applied: number
  readonly unchanged: number
  readonly failed: number
}

/** Options of bulk verbs that add what can't be replaced. */
export interface AddNewOptions extends BulkOptions {
  /** What to do about one that is there already: it is a failure (the default), or left alone. */
  readonly ifExists?: 'fail' | 'skip' | undefined
}

/** Options of bulk verbs that add. */
export interface AddManyOptions extends BulkOptions {
  /** What to do about one that is there already: it is a failure (the default), left alone, or replaced. */
  readonly ifExists?: 'fail' | 'skip' | 'replace' | undefined
}

/** Options of bulk verbs that delete. */
export interface DeleteManyOptions extends BulkOptions {
  /** What to do about one that is not there: it is a failure (the default), or nothing. */
  readonly ifMissing?: 'fail' | 'skip' | undefined
}

/** A choice among words, checked. */
export function choice<T extends string>(key: string, value: T, known: readonly T[]): T {
  return within(key, () =>
    known.includes(value)
      ? value
      : invalidValue(value, `one of ${known.map((name) => `"${name}"`).join(', ')}`)
  )
}
