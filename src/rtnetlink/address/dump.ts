import { within } from '../../codec/index.js'
import type { DumpRequest, NetlinkConnection } from '../../netlink/index.js'
import { checkFilter, filterValue, inetFamily } from '../filter.js'
import { checkLinkRef } from '../link-ref.js'
import type { LinkRef } from '../link-ref.js'
import { readAddress } from './address.js'
import type { Address } from './address.js'
import { addressFlags } from './flags.js'
import type { AddressFlag } from './flags.js'
import { RTM_GETADDR, RTM_NEWADDR, addressMessage, addressProtocol, scope as scopeType } from './schema.js'

/** Which addresses to list. Absent properties do not restrict; the link and the family filter in the kernel. */
export interface AddressFilter {
  readonly link?: LinkRef | undefined
  readonly family?: 'inet' | 'inet6' | undefined
  readonly scope?: Address['scope'] | undefined
  readonly label?: string | undefined
  readonly protocol?: Address['protocol'] | undefined
  /** Flags that must all be set. */
  readonly flags?: readonly AddressFlag[] | undefined
}

const filterKeys = ['link', 'family', 'scope', 'label', 'protocol', 'flags']

/** Asks for the addresses that match. */
export function addressDump(
  connection: NetlinkConnection,
  filter: AddressFilter,
  method = 'addresses.list'
): DumpRequest<Address> {
  checkFilter(filter, filterKeys)
  const { family, label } = filter
  const target = filter.link === undefined ? undefined : checkLinkRef(filter.link, connection, 'link')
  const familyNumber = inetFamily(family)
  const scope = filterValue(scopeType, filter.scope, 'scope')
  const protocol = filterValue(addressProtocol, filter.protocol, 'protocol')
  const flags = within('flags', () => addressFlags.maskOf(filter.flags ?? []))
  return {
    request: { method, input: filter },
    syscall: 'RTM_GETADDR',
    type: RTM_GETADDR,
    schema: addressMessage,
    needs: typeof target === 'string' ? [target] : undefined,
    write(writer, indexOf) {
      // With strict checking the kernel itself filters by family and index.
      const base = writer.zeros(addressMessage.headerSize)
      writer.bytes[base] = familyNumber
      const index = typeof target === 'string' ? indexOf(target) : target
      if (index !== undefined) writer.words[(base + 4) >>> 2] = index
    },
    read(message) {
      if (message.type !== RTM_NEWADDR) return undefined
      const address = readAddress(message)
      if (scope !== undefined && address.scope !== scope) return undefined
      if (label !== undefined && address.label !== label) return undefined
      if (protocol !== undefined && address.protocol !== protocol) return undefined
      if (flags !== 0 && (addressFlags.maskOf(address.flags) & flags) !== flags) return undefined
      return address
    }
  }
}
