import type { CallOptions, CommitOptions, NetlinkConnection, Outcome } from '../../../netlink/index.js'
import { deleteMany, runMany } from '../../bulk.js'
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
    const operations = found
      .filter((entry) => entry.state !== 'permanent' || filter.state !== undefined)
      .map((entry) => fdbOperations.delete(this.#connection, entry))
    return deleteMany(this.#connection, operations, ['ENOENT'], options)
  }

  /** Adds many entries together. The outcomes are in their order; a failure does not stop the others. */
  async addMany(entries: Iterable<FdbSpec>, options?: CommitOptions): Promise<Outcome<void>[]> {
    return runMany(
      this.#connection,
      Array.from(entries, (entry) => fdbOperations.add(this.#connection, entry)),
      options
    )
  }
}
