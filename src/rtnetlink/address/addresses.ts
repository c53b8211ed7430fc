import type { CallOptions, DumpRequest, NetlinkConnection } from '../../netlink/index.js'
import { family as familyType } from '../rtnetlink.js'
import { checkLinkRef } from '../link-ref.js'
import type { LinkRef } from '../link-ref.js'
import { readAddress } from './address.js'
import type { Address, AddressSpec } from './address.js'
import { addressOperations } from './operations.js'
import { RTM_GETADDR, RTM_NEWADDR, addressMessage } from './schema.js'

/** Which addresses to list. Absent properties do not restrict; the link and the family filter in the kernel. */
export interface AddressFilter {
  readonly link?: LinkRef | undefined
  readonly family?: 'inet' | 'inet6' | undefined
  readonly scope?: Address['scope'] | undefined
  readonly label?: string | undefined
}

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

  /** Adds an address, or changes what can be changed of the one that is there. */
  async replace(link: LinkRef, address: AddressSpec | string, options?: CallOptions): Promise<void> {
    return this.#connection.run(addressOperations.replace(this.#connection, link, address), options)
  }

  /** Deletes an address. Throws `EADDRNOTAVAIL` if the link doesn't have it. */
  async delete(link: LinkRef, address: AddressSpec | string, options?: CallOptions): Promise<void> {
    return this.#connection.run(addressOperations.delete(this.#connection, link, address), options)
  }

  async list(filter: AddressFilter = {}, options?: CallOptions): Promise<Address[]> {
    return this.#connection.list(addressDump(this.#connection, filter), options)
  }
}

export function addressDump(connection: NetlinkConnection, filter: AddressFilter): DumpRequest<Address> {
  const target = filter.link === undefined ? undefined : checkLinkRef(filter.link, connection, 'link')
  return {
    request: { method: 'addresses.list', input: filter },
    syscall: 'RTM_GETADDR',
    type: RTM_GETADDR,
    schema: addressMessage,
    needs: typeof target === 'string' ? [target] : undefined,
    write(writer, indexOf) {
      // With strict checking the kernel itself filters by family and index.
      const base = writer.zeros(addressMessage.headerSize)
      if (filter.family !== undefined) writer.bytes[base] = familyType.numberOf(filter.family)
      const index = typeof target === 'string' ? indexOf(target) : target
      if (index !== undefined) writer.words[(base + 4) >>> 2] = index
    },
    read(message) {
      if (message.type !== RTM_NEWADDR) return undefined
      const address = readAddress(message)
      if (filter.scope !== undefined && address.scope !== filter.scope) return undefined
      if (filter.label !== undefined && address.label !== filter.label) return undefined
      return address
    }
  }
}
