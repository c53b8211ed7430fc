import type { ReadOptions } from '../../codec/index.js'
import { addVerb, applyMany, deleteVerb, flush } from '../../netlink/bulk/index.js'
import type { AddNewOptions, BulkResult, DeleteManyOptions, Inputs } from '../../netlink/bulk/index.js'
import type { CallOptions, NetlinkConnection } from '../../netlink/index.js'
import { checkFlush } from './check.js'
import type { Connection, ConnectionChange, ConnectionKey, ConnectionSpec } from './connection.js'
import { deleteMatching } from './delete-matching.js'
import type { ExactFilter } from './delete-matching.js'
import { connectionDump } from './dump.js'
import { Expectations } from './expectation/index.js'
import type { ConnectionFilter } from './filter.js'
import { ConntrackMonitor } from './monitor/index.js'
import type { ConntrackMonitorOptions, ConntrackObject } from './monitor/index.js'
import { NetfilterConnection } from '../netfilter-connection.js'
import { connectionOperations } from './operations.js'
import { processorDump, totalsGet } from './statistics.js'
import type { ConntrackStatistics } from './statistics.js'

/** How connections are read; `bigint` gives counters that are exact past 2^53. */
export interface ReadConnectionOptions extends CallOptions, ReadOptions {}

/** Connections whose counters are `bigint`. */
type Exact = { readonly bigint: true }

/**
 * The connections that the kernel tracks in a namespace (`conntrack`). It tracks them only where a rule needs
 * it: one that looks at `ct`, or translates addresses. All of it takes `CAP_NET_ADMIN`, reading too.
 */
export class Conntrack {
  /** The connections that others have announced. */
  readonly expectations: Expectations
  readonly #netfilter: NetfilterConnection

  /** @internal Use `stack.conntrack`. */
  constructor(stack: NetlinkConnection) {
    this.#netfilter = new NetfilterConnection(stack)
    this.expectations = new Expectations(this.#netfilter)
  }

  /**
   * The connections that match; all without a filter. One that is there throughout is never missing; where
   * others go meanwhile, it may be there twice.
   */
  async list(
    filter: ConnectionFilter | undefined,
    options: ReadConnectionOptions & Exact
  ): Promise<Connection<bigint>[]>
  async list(filter?: ConnectionFilter, options?: ReadConnectionOptions): Promise<Connection[]>
  async list(
    filter: ConnectionFilter = {},
    options: ReadConnectionOptions = {}
  ): Promise<(Connection | Connection<bigint>)[]> {
    return this.#netfilter.list(connectionDump(filter, 'conntrack.list', options.bigint), options)
  }

  /** As `list`, one by one as the kernel gives them, over a socket of its own. */
  iterate(
    filter: ConnectionFilter | undefined,
    options: ReadConnectionOptions & Exact
  ): AsyncGenerator<Connection<bigint>, void, undefined>
  iterate(
    filter?: ConnectionFilter,
    options?: ReadConnectionOptions
  ): AsyncGenerator<Connection, void, undefined>
  iterate(
    filter: ConnectionFilter = {},
    options: ReadConnectionOptions = {}
  ): AsyncGenerator<Connection | Connection<bigint>, void, undefined> {
    return this.#netfilter.iterate(connectionDump(filter, 'conntrack.iterate', options.bigint), options)
  }

  /** Reads one connection, by either of its directions. Throws `ENOENT`, also where the `id` is another's. */
  async get(connection: ConnectionKey, options: ReadConnectionOptions & Exact): Promise<Connection<bigint>>
  async get(connection: ConnectionKey, options?: ReadConnectionOptions): Promise<Connection>
  async get(
    connection: ConnectionKey,
    options: ReadConnectionOptions = {}
  ): Promise<Connection | Connection<bigint>> {
    return this.#netfilter.run(connectionOperations.get(connection, options.bigint), options)
  }

  /**
   * Makes a connection as if its packets had been seen. Throws `EEXIST` if there is one with either tuple,
   * and `EOPNOTSUPP` if the kernel has no such helper.
   */
  async create(connection: ConnectionSpec, options?: CallOptions): Promise<void> {
    return this.#netfilter.run(connectionOperations.create(connection), options)
  }

  /**
   * Changes a connection. The kernel takes the parts one after the other: if it refuses one, what it took
   * before stays. It goes by the tuple alone, whatever `id` says.
   *
   * Throws `ENOENT` if it isn't there, and `EBUSY` for what can't be changed so, such as a status that is
   * taken back.
   */
  async update(connection: ConnectionKey, change: ConnectionChange, options?: CallOptions): Promise<void> {
    return this.#netfilter.run(connectionOperations.update(connection, change), options)
  }

  /** Forgets a connection; with an `id`, only that one. Throws `ENOENT` if it isn't there. */
  async delete(connection: ConnectionKey, options?: CallOptions): Promise<void> {
    return this.#netfilter.run(connectionOperations.delete(connection), options)
  }

  /** Makes many connections, in order. What fails, or can't be right, is told in the result. */
  async createMany<C extends ConnectionSpec>(
    connections: Inputs<C>,
    options: AddNewOptions = {}
  ): Promise<BulkResult<C>> {
    const verb = addVerb<C>('conntrack.createMany', options, connectionOperations.create)
    return applyMany(await this.#netfilter.open(), connections, verb, options)
  }

  /** Forgets many connections, in order. What fails, or can't be right, is told in the result. */
  async deleteMany<C extends ConnectionKey>(
    connections: Inputs<C>,
    options: DeleteManyOptions = {}
  ): Promise<BulkResult<C>> {
    const verb = deleteVerb<C>('conntrack.deleteMany', options, connectionOperations.delete, ['ENOENT'])
    return applyMany(await this.#netfilter.open(), connections, verb, options)
  }

  /**
   * Forgets the connections that match, and gives how many there were; `'all'` names them all. One scan finds
   * them, and each is then deleted by its tuple and id: a kernel that doesn't know what a filter asks for
   * can't take that for a request to delete everything. Connections that come meanwhile may stay.
   */
  async flush(filter: ConnectionFilter | 'all', options: CallOptions = {}): Promise<number> {
    const dump = connectionDump(filter === 'all' ? {} : filter, 'conntrack.flush')
    checkFlush(filter, dump.restricts)
    const netfilter = await this.#netfilter.open()
    const call = netfilter.settings(options)
    const verb = { method: 'conntrack.flush', make: connectionOperations.delete, unchanged: ['ENOENT'] }
    return flush(netfilter, netfilter.iterate(dump, call), verb, call)
  }

  /**
   * Forgets the connections that match, by one request: the kernel finds them itself, many times as fast as for `flush`,
   * and does not tell how many there were. Rejects with `EINVAL`, and deletes nothing, before Linux 6.12.
   */
  async deleteMatching(filter: ExactFilter, options?: CallOptions): Promise<void> {
    return this.#netfilter.run(deleteMatching(filter), options)
  }

  /**
   * Follows what changes, from this call on. Read the result with `for await`; ending the loop, or `close()`,
   * releases it.
   */
  monitor<const O extends ConntrackObject = ConntrackObject>(
    options: ConntrackMonitorOptions<O> = {}
  ): ConntrackMonitor<O> {
    return new ConntrackMonitor(this.#netfilter, options)
  }

  /** How full the table is, and what became of packets, processor by processor. */
  async statistics(options: CallOptions = {}): Promise<ConntrackStatistics> {
    const netfilter = await this.#netfilter.open()
    const call = netfilter.settings(options)
    const { entries, maxEntries } = await netfilter.run(totalsGet(), call)
    const processors = await netfilter.list(processorDump(), call)
    return { entries, ...(maxEntries === undefined ? {} : { maxEntries }), processors }
  }
}
