import { requireObject } from '../../codec/index.js'
import type { CallOptions, NetlinkConnection } from '../../netlink/index.js'
import { addVerb, applyMany, flush } from '../../netlink/bulk/index.js'
import type { AddManyOptions, BulkResult, Inputs } from '../../netlink/bulk/index.js'
import { checkFlush } from '../filter.js'
import type { LinkRef } from '../link-ref.js'
import type { Address, AddressKey, AddressSpec, LinkAddressSpec } from './address.js'
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
    const make = (address: Address) => addressOperations.delete(this.#connection, address.link, address)
    // A secondary address goes with its primary one, unless net.ipv4.conf.*.promote_secondaries is on.
    const verb = { method: 'addresses.flush', make, unchanged: ['EADDRNOTAVAIL', 'ENODEV'] }
    return flush(this.#connection, found, verb, options)
  }

  /**
   * Adds many addresses, in order, each to the link that it names, holding only a few thousand at a time. What
   * fails, or can't be right, is told in the result.
   */
  async addMany<A extends LinkAddressSpec>(
    addresses: Inputs<A>,
    options: AddManyOptions = {}
  ): Promise<BulkResult<A>> {
    const connection = this.#connection
    const add = (address: A) => addressOperations.add(connection, linkOf(address), address)
    const replace = (address: A) => addressOperations.replace(connection, linkOf(address), address)
    return applyMany(connection, addresses, addVerb('addresses.addMany', options, add, replace), options)
  }
}

function linkOf(address: LinkAddressSpec): LinkRef {
  requireObject(address, 'an address with its link: { link, address }')
  return address.link
}
