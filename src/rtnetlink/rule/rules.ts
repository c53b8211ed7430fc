import type { CallOptions, NetlinkConnection } from '../../netlink/index.js'
import { addVerb, applyMany, flush } from '../../netlink/bulk/index.js'
import type { AddNewOptions, BulkResult, Inputs } from '../../netlink/bulk/index.js'
import { checkFlush } from '../filter.js'
import { ruleDump } from './dump.js'
import type { RuleFilter } from './dump.js'
import { ruleOperations } from './operations.js'
import type { Rule, RuleSpec } from './rule.js'

/** The rules of a stack's routing policy (`ip rule`). */
export class Rules {
  readonly #connection: NetlinkConnection

  constructor(connection: NetlinkConnection) {
    this.#connection = connection
  }

  /**
   * Adds a rule and gives it as the kernel made it, with its priority. Throws `EEXIST` if there is one just
   * like it.
   */
  async add(rule: RuleSpec, options?: CallOptions): Promise<Rule> {
    return this.#connection.run(ruleOperations.add(this.#connection, rule), options)
  }

  /**
   * Deletes the first rule that has all of these properties; the kernel doesn't compare what is absent, nor
   * `invert`. The family is `'inet'` if nothing tells it. Throws `ENOENT` if there is none, `EPERM` if it is permanent.
   */
  async delete(rule: Rule | RuleSpec, options?: CallOptions): Promise<void> {
    return this.#connection.run(ruleOperations.delete(this.#connection, rule), options)
  }

  /** The rules of both families that match, each family in the order in which they are tried. */
  async list(filter: RuleFilter = {}, options?: CallOptions): Promise<Rule[]> {
    return this.#connection.list(ruleDump(filter), options)
  }

  /** As `list`, one by one as the kernel gives them, over a socket of its own. */
  iterate(filter: RuleFilter = {}, options?: CallOptions): AsyncGenerator<Rule, void, undefined> {
    return this.#connection.iterate(ruleDump(filter, 'rules.iterate'), options)
  }

  /**
   * Deletes the rules that match and gives how many there were. The kernel's own rules (the look-ups of
   * local, main and default, and that of VRFs) are spared unless the filter names their protocol,
   * `'kernel'`: `ip rule flush` deletes all but the first.
   */
  async flush(filter: RuleFilter, options?: CallOptions): Promise<number> {
    checkFlush(filter)
    const found = await this.#connection.list(ruleDump(filter, 'rules.flush'), options)
    const doomed = found.filter((rule) => rule.protocol !== 'kernel' || filter.protocol !== undefined)
    const make = (rule: Rule) => ruleOperations.delete(this.#connection, rule)
    return flush(this.#connection, doomed, { method: 'rules.flush', make, unchanged: ['ENOENT'] }, options)
  }

  /** Adds many rules, in order. What fails, or can't be right, is told in the result. */
  async addMany<R extends RuleSpec>(rules: Inputs<R>, options: AddNewOptions = {}): Promise<BulkResult<R>> {
    const connection = this.#connection
    const add = (rule: R) => ruleOperations.add(connection, rule)
    return applyMany(connection, rules, addVerb('rules.addMany', options, add), options)
  }
}
