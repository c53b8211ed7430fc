import type { NetlinkConnection, Operation } from '../../netlink/index.js'
import { NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE } from '../../netlink/index.js'
import { checkLinkRef } from '../link-ref.js'
import type { LinkRef } from '../link-ref.js'
import { addressInput } from './address.js'
import type { AddressSpec } from './address.js'
import { RTM_DELADDR, RTM_NEWADDR, addressMessage } from './schema.js'

/** The verbs on addresses that are one request each. */
export const addressOperations = {
  add: (connection: NetlinkConnection, link: LinkRef, address: AddressSpec | string) =>
    operation(connection, 'addresses.add', link, address, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL),

  replace: (connection: NetlinkConnection, link: LinkRef, address: AddressSpec | string) =>
    operation(connection, 'addresses.replace', link, address, RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE),

  delete: (connection: NetlinkConnection, link: LinkRef, address: AddressSpec | string) =>
    operation(connection, 'addresses.delete', link, address, RTM_DELADDR, 0)
} as const

function operation(
  connection: NetlinkConnection,
  method: string,
  link: LinkRef,
  address: AddressSpec | string,
  type: number,
  flags: number
): Operation<void> {
  const target = checkLinkRef(link, connection, 'link')
  return {
    request: { method, input: { link: target, address } },
    syscall: type === RTM_NEWADDR ? 'RTM_NEWADDR' : 'RTM_DELADDR',
    type,
    flags,
    schema: addressMessage,
    needs: typeof target === 'string' ? [target] : undefined,
    write(writer, indexOf) {
      addressMessage.write(
        writer,
        addressInput(address, typeof target === 'number' ? target : indexOf(target))
      )
    }
  }
}
