import type { CallOptions, NetlinkConnection } from '../../../netlink/index.js'
import { addVerb, applyMany, flush } from '../../../netlink/bulk/index.js'
import type { AddManyOptions, BulkResult, Inputs } from '../../../netlink/bulk/index.js'
import { checkFlush } from '../../filter.js'
import { fdbDump } from './dump.js'
import type { FdbFilter } from './dump.js'
import type { FdbEntry, FdbKey, FdbSpec } from './entry.js'
import { fdbGet, fdbOperations } from './operations.js'

/** The forwarding databases of bridges and VXLAN links: behind which port an address is (`bridge fdb`). */
export class ForwardingDatabase {
  readonly #connection: NetlinkConnection

  constructor(connection: NetlinkConnection) {
    this.#connection = connection
  }

  /** Adds an entry. Throws `EEXIST` if there is one for the address. */
  async add(entry: FdbSpec, options?: CallOptions): Promise<void> {
    return this.#connection.run(fdbOperations.add(this.#connection, entry), options)
  }

  /**
   * VXLAN: adds one more destination for a multicast address, or for 00:00:00:00:00:00, which stands for all
   * that have no entry.
   */
  async append(entry: FdbSpec, options?: CallOptions): Promise<void> {
    return this.#connection.run(fdbOperations.append(this.#connection, entry), options)
  }

  /** Adds an entry, or changes the one that is there for the address. */
  async replace(entry: FdbSpec, options?: CallOptions): Promise<void> {
    return this.#connection.run(fdbOperations.replace(this.#connection, entry), options)
  }

  /** Deletes an entry. Throws `ENOENT` if it isn't there. */
  async delete(entry: FdbKey, options?: CallOptions): Promise<void> {
    return this.#connection.run(fdbOperations.delete(this.#connection, entry), options)
  }

  /** The entry for an address. Throws `ENOENT` if there is none. */
  async get(entry: FdbKey, options?: CallOptions): Promise<FdbEntry> {
    return this.#connection.run(fdbGet(this.#connection, entry), options)
  }

  /** The entries that match: those of bridges, and those of links that keep a list of their own. */
  async list(filter: FdbFilter = {}, options?: CallOptions): Promise<FdbEntry[]> {
    return this.#connection.list(fdbDump(this.#connection, filter), options)
  }

  /** As `list`, one by one as the kernel gives them, over a socket of its own. */
  iterate(filter: FdbFilter = {}, options?: CallOptions): AsyncGenerator<FdbEntry, void, undefined> {
    return this.#connection.iterate(fdbDump(this.#connection, filter, 'bridge.fdb.iterate'), options)
  }

  /**
   * Deletes the entries that match and gives how many there were; permanent ones, the links' own addresses
   * among them, are spared unless the filter names their state.
   */
  async flush(filter: FdbFilter, options?: CallOptions): Promise<number> {
    checkFlush(filter)
    const found = await this.#connection.list(fdbDump(this.#connection, filter, 'bridge.fdb.flush'), options)
    const doomed = found.filter((entry) => entry.state !== 'permanent' || filter.state !== undefined)
    const make = (entry: FdbEntry) => fdbOperations.delete(this.#connection, entry)
    const verb = { method: 'bridge.fdb.flush', make, unchanged: ['ENOENT'] }
    return flush(this.#connection, doomed, verb, options)
  }

  /** Adds many entries, in order. What fails, or can't be right, is told in the result. */
  async addMany<E extends FdbSpec>(entries: Inputs<E>, options: AddManyOptions = {}): Promise<BulkResult<E>> {
    const connection = this.#connection
    const add = (entry: E) => fdbOperations.add(connection, entry)
    const replace = (entry: E) => fdbOperations.replace(connection, entry)
    return applyMany(connection, entries, addVerb('bridge.fdb.addMany', options, add, replace), options)
  }
}
