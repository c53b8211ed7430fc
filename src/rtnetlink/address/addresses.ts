import type { CallOptions, CommitOptions, NetlinkConnection, Outcome } from '../../netlink/index.js'
import { deleteMany, runMany } from '../bulk.js'
import { checkFlush } from '../filter.js'
import type { LinkRef } from '../link-ref.js'
import type { Address, AddressKey, AddressSpec } from './address.js'
import { addressDump } from './dump.js'
import type { AddressFilter } from './dump.js'
import { addressOperations } from './operations.js'

/** The addresses of a stack's links (`ip address`, rtnetlink(7)). */
export class Addresses {
  readonly #connection: NetlinkConnection

  constructor(connection: NetlinkConnection) {
    this.#connection = connection
  }

  /** Adds an address. Throws `EEXIST` if the link has it, `ENODEV` if there is no such link. */
  async add(link: LinkRef, address: AddressSpec | string, options?: CallOptions): Promise<void> {
    return this.#connection.run(addressOperations.add(this.#connection, link, address), options)
  }

  /** Adds an address, or changes what can be changed of the one that is there: lifetimes, flags, metric. */
  async replace(link: LinkRef, address: AddressSpec | string, options?: CallOptions): Promise<void> {
    return this.#connection.run(addressOperations.replace(this.#connection, link, address), options)
  }

  /**
   * Deletes an address: the one with this prefix length, which without one is the whole address. Throws
   * `EADDRNOTAVAIL` if the link doesn't have it.
   */
  async delete(link: LinkRef, address: AddressKey | string, options?: CallOptions): Promise<void> {
    return this.#connection.run(addressOperations.delete(this.#connection, link, address), options)
  }

  /** The addresses that match; all without a filter. Throws `ENODEV` if there is no such link. */
  async list(filter: AddressFilter = {}, options?: CallOptions): Promise<Address[]> {
    return this.#connection.list(addressDump(this.#connection, filter), options)
  }

  /** As `list`, one by one as the kernel gives them, over a socket of its own. */
  iterate(filter: AddressFilter = {}, options?: CallOptions): AsyncGenerator<Address, void, undefined> {
    return this.#connection.iterate(addressDump(this.#connection, filter, 'addresses.iterate'), options)
  }

  /** Deletes the addresses that match, by at least one property, and gives how many there were. */
  async flush(filter: AddressFilter, options?: CallOptions): Promise<number> {
    checkFlush(filter)
    const dump = addressDump(this.#connection, filter, 'addresses.flush')
    const found = await this.#connection.list(dump, options)
    const operations = found.map((address) =>
      addressOperations.delete(this.#connection, address.link, address)
    )
    // A secondary address goes with its primary one, unless net.ipv4.conf.*.promote_secondaries is on.
    return deleteMany(this.#connection, operations, ['EADDRNOTAVAIL', 'ENODEV'], options)
  }

  /** Adds many addresses to a link together. The outcomes are in their order; a failure does not stop the others. */
  async addMany(
    link: LinkRef,
    addresses: Iterable<AddressSpec | string>,
    options?: CommitOptions
  ): Promise<Outcome<void>[]> {
    const operations = Array.from(addresses, (address) =>
      addressOperations.add(this.#connection, link, address)
    )
    return runMany(this.#connection, operations, options)
  }
}
