import { NetloomError } from '../../netlink/index.js'
import type { CallOptions, NetlinkConnection } from '../../netlink/index.js'
import { NetfilterConnection } from '../netfilter-connection.js'
import type { OpenConnection } from '../netfilter-connection.js'
import { chainDump, elementDump, flowtableDump, objectDump, ruleDump, setDump, tableDump } from './dump.js'
import type { NftFilter } from './dump.js'
import type { NftFamily } from './family.js'
import { getGeneration } from './generation.js'
import type { Generation } from './generation.js'
import { Chains, Elements, Flowtables, NftRules, Sets, StatefulObjects, Tables } from './objects.js'
import { nftMonitor } from './monitor.js'
import type { NftMonitor } from './monitor.js'
import type { NftMonitorOptions } from './listener.js'
import { nftTrace } from './trace.js'
import type { NftTrace } from './trace.js'
import { runVerb } from './object-verbs.js'
import type { Ruleset } from './ruleset.js'
import { readElements } from './set/read-elements.js'
import { layoutOf } from './set/set.js'
import { tableVerbs } from './table/verbs.js'
import { Transaction } from './transaction.js'
import type { TransactionOptions } from './transaction.js'

/** How often a rule set is read that changes meanwhile. */
const attempts = 10

/** Limits of the connection; nothing is reserved. Inside a user namespace the system's limits hold. */
export interface NftablesOptions {
  /** Bytes of send buffer, in which a transaction must fit: 64 MiB by default. The kernel doubles it. */
  readonly sendBuffer?: number | undefined
  /** Bytes of receive buffer: the 8 MiB by default hold the errors of some ten thousand operations. */
  readonly receiveBuffer?: number | undefined
}

const mebibyte = 1024 * 1024

/** The nftables of a stack's namespace: what `nft` shows and changes. */
export class Nftables {
  readonly tables: Tables
  readonly chains: Chains
  readonly rules: NftRules
  readonly sets: Sets
  readonly elements: Elements
  readonly objects: StatefulObjects
  readonly flowtables: Flowtables
  readonly #netfilter: NetfilterConnection
  readonly #open: OpenConnection

  /** Use `stack.nftables`. */
  constructor(
    connection: NetlinkConnection,
    { sendBuffer = 64 * mebibyte, receiveBuffer = 8 * mebibyte }: NftablesOptions = {}
  ) {
    const netfilter = new NetfilterConnection(connection, { sendBuffer, receiveBuffer })
    const open = (): Promise<NetlinkConnection> => netfilter.open()
    this.#netfilter = netfilter
    this.#open = open
    this.tables = new Tables(open)
    this.chains = new Chains(open)
    this.rules = new NftRules(open)
    this.sets = new Sets(open)
    this.elements = new Elements(open)
    this.objects = new StatefulObjects(open)
    this.flowtables = new Flowtables(open)
  }

  /** Changes to be made all at once. */
  transaction(): Transaction {
    return new Transaction(this.#open)
  }

  /** Gathers changes by a function, and makes them all at once. */
  async commit(gather: (transaction: Transaction) => unknown, options?: TransactionOptions): Promise<void> {
    const transaction = this.transaction()
    await gather(transaction)
    await transaction.commit(options)
  }

  /** The state that the rule set is in; a transaction can ask for it. */
  async generation(options?: CallOptions): Promise<Generation> {
    return (await this.#open()).run(getGeneration(), options)
  }

  /**
   * Follows what changes, from this call on. Read the result with `for await`; ending the loop, or `close()`,
   * releases it.
   */
  monitor(options: NftMonitorOptions = {}): NftMonitor {
    const reread = (call: CallOptions): Promise<Ruleset> => this.ruleset({}, call)
    return nftMonitor(this.#netfilter, reread, options)
  }

  /**
   * Follows packets that are traced, rule by rule, from this call on: those for which a rule has set `meta.nftrace`. Read
   * it with `for await`.
   */
  trace(options: NftMonitorOptions = {}): NftTrace {
    return nftTrace(this.#netfilter, options)
  }

  /** Deletes every table of a family, or of all. */
  async flush(filter: { readonly family?: NftFamily } = {}, options?: CallOptions): Promise<void> {
    await runVerb(this.#open, (scope) => tableVerbs.flush(scope, filter), options)
  }

  /**
   * All that there is, of one generation: where a transaction comes between, it is read again. Sets come with
   * their elements, and those of a rule's own are among them.
   */
  async ruleset(filter: NftFilter = {}, options: CallOptions = {}): Promise<Ruleset> {
    const connection = await this.#open()
    const call = connection.settings(options)
    for (let attempt = 0; attempt < attempts; attempt++) {
      const { id } = await connection.run(getGeneration(), call)
      const ruleset = await this.#read(connection, filter, id, call)
      if ((await connection.run(getGeneration(), call)).id === id) return ruleset
    }
    const text = `the rule set changed during each of ${attempts} attempts to read it`
    throw new NetloomError('ERR_DUMP_INTERRUPTED', text)
  }

  async #read(
    connection: NetlinkConnection,
    filter: NftFilter,
    generation: number,
    call: CallOptions
  ): Promise<Ruleset> {
    const { family, table } = filter
    const [tables, chains, sets, objects, flowtables, rules] = await Promise.all([
      connection.list(tableDump({ family }), call),
      connection.list(chainDump(filter), call),
      connection.list(setDump(filter), call),
      connection.list(objectDump(filter), call),
      connection.list(flowtableDump(filter), call),
      connection.list(ruleDump(filter), call)
    ])
    const filled = await Promise.all(
      sets.map(async (set) => {
        const lists = await connection.list(elementDump(set), call)
        return { ...set, elements: readElements(layoutOf(set), lists.flat()) }
      })
    )
    return {
      generation,
      tables: table === undefined ? tables : tables.filter(({ name }) => name === table),
      chains,
      sets: filled,
      objects,
      flowtables,
      rules
    }
  }
}
