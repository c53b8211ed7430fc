import type { CallOptions, NetlinkConnection } from '../../netlink/index.js'
import { flush } from '../../netlink/bulk/index.js'
import { nextHopDump } from './filter.js'
import type { NextHopFilter } from './filter.js'
import type { NextHop, NextHopSpec } from './nexthop.js'
import { nextHopOperations } from './operations.js'
import type { NextHopRef } from './operations.js'

/** The next-hop objects of a stack, which routes and forwarding entries can share (`ip nexthop`; Linux 5.3). */
export class NextHops {
  readonly #connection: NetlinkConnection

  constructor(connection: NetlinkConnection) {
    this.#connection = connection
  }

  /**
   * Adds a next hop and gives it as the kernel made it, with the id that it chose if none was given. Throws
   * `EEXIST` if the id is taken; `ENODEV` if there is no such link; `ENETDOWN` if it is down; `EINVAL` for a
   * gateway that can't be reached or a group whose members don't exist.
   */
  async add(nextHop: NextHopSpec, options?: CallOptions): Promise<NextHop> {
    return this.#connection.run(nextHopOperations.add(this.#connection, nextHop), options)
  }

  /** Adds a next hop, or changes the one with this id: the routes that use it follow. Gives it as it is now. */
  async replace(nextHop: NextHopSpec & { readonly id: number }, options?: CallOptions): Promise<NextHop> {
    return this.#connection.run(nextHopOperations.replace(this.#connection, nextHop), options)
  }

  /** Deletes a next hop, and with it the routes that use it, without an event for IPv4. Throws `ENOENT`. */
  async delete(nextHop: NextHopRef, options?: CallOptions): Promise<void> {
    return this.#connection.run(nextHopOperations.delete(this.#connection, nextHop), options)
  }

  /** The next hop with this id. Throws `ENOENT` if there is none. */
  async get(nextHop: NextHopRef, options?: CallOptions): Promise<NextHop> {
    return this.#connection.run(nextHopOperations.get(this.#connection, nextHop), options)
  }

  /** The next hops that match, by ascending id. */
  async list(filter?: NextHopFilter, options?: CallOptions): Promise<NextHop[]> {
    return this.#connection.list(nextHopDump(this.#connection, filter), options)
  }

  /** As `list`, one by one as the kernel gives them, over a socket of its own. */
  iterate(filter?: NextHopFilter, options?: CallOptions): AsyncGenerator<NextHop, void, undefined> {
    return this.#connection.iterate(nextHopDump(this.#connection, filter, 'nexthops.iterate'), options)
  }

  /** Deletes the next hops that match, and with them the routes that use them; gives how many there were. */
  async flush(filter: NextHopFilter, options?: CallOptions): Promise<number> {
    const connection = this.#connection
    const found = await connection.list(nextHopDump(connection, filter, 'nexthops.flush'), options)
    const make = (nextHop: NextHop) => nextHopOperations.delete(connection, nextHop)
    // A group goes with the last of its members.
    return flush(connection, found, { method: 'nexthops.flush', make, unchanged: ['ENOENT'] }, options)
  }
}
