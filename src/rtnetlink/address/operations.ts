import type { NetlinkConnection, Operation } from '../../netlink/index.js'
import { NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE } from '../../netlink/index.js'
import { checkLinkRef } from '../link-ref.js'
import type { LinkRef } from '../link-ref.js'
import type { AddressKey, AddressSpec } from './address.js'
import { addressInput, addressKeyInput } from './input.js'
import { RTM_DELADDR, RTM_NEWADDR, addressMessage } from './schema.js'

/** The verbs on addresses that are one request each. */
export const addressOperations = {
  add: (connection: NetlinkConnection, link: LinkRef, address: AddressSpec | string): Operation<void> => ({
    ...request(connection, 'addresses.add', link, address, addressInput),
    syscall: 'RTM_NEWADDR',
    type: RTM_NEWADDR,
    flags: NLM_F_CREATE | NLM_F_EXCL,
    explain: (code) => (code === 'EEXIST' ? 'the link has this address already' : undefined)
  }),

  replace: (
    connection: NetlinkConnection,
    link: LinkRef,
    address: AddressSpec | string
  ): Operation<void> => ({
    ...request(connection, 'addresses.replace', link, address, addressInput),
    syscall: 'RTM_NEWADDR',
    type: RTM_NEWADDR,
    flags: NLM_F_CREATE | NLM_F_REPLACE
  }),

  delete: (connection: NetlinkConnection, link: LinkRef, address: AddressKey | string): Operation<void> => ({
    ...request(connection, 'addresses.delete', link, address, addressKeyInput),
    syscall: 'RTM_DELADDR',
    type: RTM_DELADDR,
    flags: 0,
    explain: (code) => (code === 'EADDRNOTAVAIL' ? 'the link has no such address' : undefined)
  })
} as const

function request<A>(
  connection: NetlinkConnection,
  method: string,
  link: LinkRef,
  address: A,
  input: (address: A, link: LinkRef) => ReturnType<typeof addressInput>
): Pick<Operation<void>, 'request' | 'schema' | 'needs' | 'write'> {
  const target = checkLinkRef(link, connection, 'link')
  return {
    request: { method, input: { link: target, address } },
    schema: addressMessage,
    needs: typeof target === 'string' ? [target] : undefined,
    write(writer, indexOf) {
      const index = typeof target === 'number' ? target : indexOf(target)
      addressMessage.write(writer, { ...input(address, link), link: index })
    }
  }
}
