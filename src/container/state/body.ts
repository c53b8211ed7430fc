import { InvalidType } from '../../codec/index.js'
import { NetloomError } from '../../netlink/index.js'

/** Refuses the result of a transaction's body that goes on after it returned: its transaction does not. */
export function refusePromise<T>(result: T): T {
  if (typeof (result as { then?: unknown } | undefined | null)?.then === 'function') {
    throw new InvalidType(result, 'a function that returns no promise').within('body')
  }
  return result
}

/** Where a store's transactions begin: they don't nest, and none begins once it is closed. */
export class TransactionGate {
  readonly #store: string
  #inside = false
  #closed = false

  constructor(store: string) {
    this.#store = store
  }

  /** Runs a transaction. */
  enter<T>(run: () => T): T {
    if (this.#closed) throw new NetloomError('ERR_CLOSED', `${this.#store} is closed`)
    if (this.#inside) throw new Error('transactions do not nest')
    this.#inside = true
    try {
      return run()
    } finally {
      this.#inside = false
    }
  }

  /** False if it was closed already. */
  close(): boolean {
    if (this.#closed) return false
    this.#closed = true
    return true
  }

  get closed(): boolean {
    return this.#closed
  }
}

/** What a transaction throws that is used after its end. */
export function endedError(): Error {
  return new Error('this transaction has ended')
}
