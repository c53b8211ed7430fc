import type { CallOptions, NetlinkConnection } from '../../netlink/index.js'
import { addVerb, applyMany, flush } from '../../netlink/bulk/index.js'
import type { AddManyOptions, BulkResult, Inputs } from '../../netlink/bulk/index.js'
import { checkFlush } from '../filter.js'
import { neighborDump } from './dump.js'
import type { NeighborFilter } from './dump.js'
import type { Neighbor, NeighborKey, NeighborSpec } from './neighbor.js'
import { neighborGet, neighborOperations } from './operations.js'

/** The neighbours of a stack: the ARP and neighbour discovery caches and the proxy entries (`ip neigh`). */
export class Neighbors {
  readonly #connection: NetlinkConnection

  constructor(connection: NetlinkConnection) {
    this.#connection = connection
  }

  /** Adds a neighbour. Throws `EEXIST` if there is one for the address, `ENODEV` if there is no such link. */
  async add(neighbor: NeighborSpec, options?: CallOptions): Promise<void> {
    return this.#connection.run(neighborOperations.add(this.#connection, neighbor), options)
  }

  /** Adds a neighbour, or changes the one that is there for the address. */
  async replace(neighbor: NeighborSpec, options?: CallOptions): Promise<void> {
    return this.#connection.run(neighborOperations.replace(this.#connection, neighbor), options)
  }

  /** Changes a neighbour. Throws `ENOENT` if there is none for the address. */
  async change(neighbor: NeighborSpec, options?: CallOptions): Promise<void> {
    return this.#connection.run(neighborOperations.change(this.#connection, neighbor), options)
  }

  /** Deletes a neighbour, or with the flag `'proxy'` a proxy entry. Throws `ENOENT` if it isn't there. */
  async delete(neighbor: NeighborKey, options?: CallOptions): Promise<void> {
    return this.#connection.run(neighborOperations.delete(this.#connection, neighbor), options)
  }

  /** The neighbour with an address behind a link. Throws `ENOENT` if there is none. */
  async get(neighbor: NeighborKey, options?: CallOptions): Promise<Neighbor> {
    return this.#connection.run(neighborGet(this.#connection, neighbor), options)
  }

  /** The neighbours that match; all but the proxy entries without a filter. */
  async list(filter: NeighborFilter = {}, options?: CallOptions): Promise<Neighbor[]> {
    return this.#connection.list(neighborDump(this.#connection, filter), options)
  }

  /** As `list`, one by one as the kernel gives them, over a socket of its own. */
  iterate(filter: NeighborFilter = {}, options?: CallOptions): AsyncGenerator<Neighbor, void, undefined> {
    return this.#connection.iterate(neighborDump(this.#connection, filter, 'neighbors.iterate'), options)
  }

  /**
   * Deletes the neighbours that match and gives how many there were. As `ip neigh flush`, it spares those
   * that are permanent or `'noarp'` unless the filter names their state. With `proxy`, proxy entries.
   */
  async flush(filter: NeighborFilter, options?: CallOptions): Promise<number> {
    checkFlush(filter)
    const found = await this.#connection.list(
      neighborDump(this.#connection, filter, 'neighbors.flush'),
      options
    )
    const spared = (neighbor: Neighbor): boolean =>
      filter.state === undefined &&
      filter.proxy !== true &&
      (neighbor.state === 'permanent' || neighbor.state === 'noarp')
    const make = (neighbor: Neighbor) => neighborOperations.delete(this.#connection, neighbor)
    const verb = { method: 'neighbors.flush', make, unchanged: ['ENOENT'] }
    return flush(
      this.#connection,
      found.filter((neighbor) => !spared(neighbor)),
      verb,
      options
    )
  }

  /**
   * Adds many neighbours, in order, holding only a few thousand at a time. What fails, or can't be right, is
   * told in the result.
   */
  async addMany<N extends NeighborSpec>(
    neighbors: Inputs<N>,
    options: AddManyOptions = {}
  ): Promise<BulkResult<N>> {
    const connection = this.#connection
    const add = (neighbor: N) => neighborOperations.add(connection, neighbor)
    const replace = (neighbor: N) => neighborOperations.replace(connection, neighbor)
    return applyMany(connection, neighbors, addVerb('neighbors.addMany', options, add, replace), options)
  }
}
