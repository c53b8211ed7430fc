import { NetloomError } from '../../netlink/index.js'
import type { CallOptions } from '../../netlink/index.js'
import { checkTransactionOptions, commitSteps } from './commit.js'
import type { OpenConnection } from '../netfilter-connection.js'
import { restoreRuleset } from './restore.js'
import type { Ruleset } from './ruleset.js'
import { TransactionScope } from './scope.js'
import type { Step } from './scope.js'
import { StepWriter } from './step-writer.js'
import { bindVerbs, verbs } from './verbs.js'
import type { TransactionVerbs } from './verbs.js'

export interface TransactionOptions extends CallOptions {
  /**
   * The generation that the rule set must still be of (`nftables.generation()`): else `ERR_STALE_GENERATION`, and nothing
   * is changed.
   */
  readonly generation?: number | undefined
  /**
   * With `false`, what is too large for one transaction is split into several. If one fails, those before it
   * stay: the error tells how many operations.
   */
  readonly atomic?: boolean | undefined
  /** Called after each of the transactions that `atomic: false` makes. */
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined
}

/**
 * Changes of the rule set that are made all at once, or not at all.
 *
 * Each verb checks what it is given, throws at once if that can't be right, and returns the number of the
 * operation. What is made can be used by later operations.
 */
export class Transaction {
  readonly tables: TransactionVerbs<typeof verbs.tables>
  readonly chains: TransactionVerbs<typeof verbs.chains>
  readonly rules: TransactionVerbs<typeof verbs.rules>
  readonly sets: TransactionVerbs<typeof verbs.sets>
  readonly elements: TransactionVerbs<typeof verbs.elements>
  readonly objects: TransactionVerbs<typeof verbs.objects>
  readonly flowtables: TransactionVerbs<typeof verbs.flowtables>
  readonly #open: OpenConnection
  readonly #scope = new TransactionScope()
  readonly #steps = new StepWriter()
  #committed = false

  /** Use `stack.nftables.transaction()`. */
  constructor(open: OpenConnection) {
    this.#open = open
    const add = (step: Step): number => {
      this.#refuseCommitted()
      return this.#steps.add(step)
    }
    this.tables = bindVerbs(verbs.tables, this.#scope, add)
    this.chains = bindVerbs(verbs.chains, this.#scope, add)
    this.rules = bindVerbs(verbs.rules, this.#scope, add)
    this.sets = bindVerbs(verbs.sets, this.#scope, add)
    this.elements = bindVerbs(verbs.elements, this.#scope, add)
    this.objects = bindVerbs(verbs.objects, this.#scope, add)
    this.flowtables = bindVerbs(verbs.flowtables, this.#scope, add)
  }

  /** How many operations there are. */
  get length(): number {
    return this.#steps.length
  }

  /** Adds all that a rule set holds, as `nftables.ruleset()` gives it, to be made again. */
  restore(ruleset: Ruleset): void {
    this.#refuseCommitted()
    restoreRuleset(ruleset, this.#scope, (step) => this.#steps.add(step))
  }

  /**
   * Changes everything, or nothing. Rejects with a `TransactionError` that names the operations that the kernel refused,
   * with `ERR_TRANSACTION_TOO_LARGE` before sending what doesn't fit in one datagram, and with
   * `ERR_STALE_GENERATION` where the rule set has changed since `generation`.
   */
  async commit(options: TransactionOptions = {}): Promise<void> {
    this.#refuseCommitted()
    checkTransactionOptions(options)
    this.#committed = true
    await commitSteps(this.#open, this.#steps, options)
  }

  #refuseCommitted(): void {
    if (this.#committed) {
      throw new NetloomError('ERR_TRANSACTION_COMMITTED', 'this transaction has been committed already')
    }
  }
}
