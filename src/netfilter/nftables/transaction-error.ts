import { NetlinkError } from '../../netlink/index.js'
import { nameErrors } from '../../netlink/errors.js'

/** One operation that the kernel refused. */
export interface TransactionFailure {
  /** The operation, by the number that its verb returned; `undefined` for the transaction as a whole. */
  readonly index: number | undefined
  readonly error: NetlinkError
}

export interface TransactionErrorDetails {
  readonly failures: readonly TransactionFailure[]
  /** How many operations there were. */
  readonly total: number
  /** False where the kernel had more errors than the receive buffer holds. */
  readonly complete: boolean
  /** With `atomic: false`: operations that were committed before. */
  readonly committed: number
}

/**
 * The kernel refused a transaction: nothing of it was changed. The properties of a `NetlinkError` are those of the first
 * operation that failed.
 */
export class TransactionError extends NetlinkError {
  /** The first operation that failed, by the number that its verb returned. */
  readonly index: number | undefined
  /** All that failed, in their order. Those that need something that failed before fail as well. */
  readonly failures: readonly TransactionFailure[]
  /** False where the kernel had more errors than the receive buffer holds: `failures` lacks some. */
  readonly complete: boolean
  /** With `atomic: false`, how many operations were committed before, in transactions of their own. */
  readonly committed: number

  constructor({ failures, total, complete, committed }: TransactionErrorDetails) {
    const [first] = failures
    const { error, index } = first!
    const { errno, syscall, request, reason, attribute, missingAttribute, policy } = error
    super({ errno, syscall, request, reason, attribute, missingAttribute, policy })
    this.index = index
    this.failures = failures
    this.complete = complete
    this.committed = committed
    const which = index === undefined ? 'the transaction' : `operation ${index} of ${total}`
    const others =
      failures.length > 1 ? ` (and ${failures.length - 1} more${complete ? '' : ', at least'})` : ''
    const changed =
      committed === 0 ? 'nothing was changed' : `${committed} operations before it had been committed`
    this.message = `${which} failed${others}; ${changed}. ${error.message}`
    this.cause = error
  }

  static {
    nameErrors(this, 'TransactionError')
  }
}
