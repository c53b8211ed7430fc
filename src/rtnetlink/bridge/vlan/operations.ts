import { InvalidType, invalidType, nestedFlag } from '../../../codec/index.js'
import type { NetlinkConnection, Operation } from '../../../netlink/index.js'
import { linkReferences } from '../../link-ref.js'
import { RTM_DELVLAN, RTM_NEWVLAN, VLANDB_ENTRY, vlanEntry, vlanMessage } from './schema.js'
import type { VlanEntryInput } from './schema.js'
import { vlanChangeInput, vlanInput, vlanKeyInput } from './vlan.js'
import type { BridgeVlanChange, BridgeVlanKey, BridgeVlanSpec } from './vlan.js'

/** The verbs on the VLANs of bridges that are one request each. */
export const bridgeVlanOperations = {
  add: (connection: NetlinkConnection, vlans: BridgeVlanSpec) =>
    operation(connection, 'bridge.vlans.add', vlans, RTM_NEWVLAN, vlanInput),

  set: (connection: NetlinkConnection, vlans: BridgeVlanChange) =>
    operation(connection, 'bridge.vlans.set', vlans, RTM_NEWVLAN, vlanChangeInput),

  delete: (connection: NetlinkConnection, vlans: BridgeVlanKey) =>
    operation(connection, 'bridge.vlans.delete', vlans, RTM_DELVLAN, vlanKeyInput)
} as const

function operation<T extends BridgeVlanKey>(
  connection: NetlinkConnection,
  method: string,
  vlans: T,
  type: number,
  input: (vlans: Omit<T, 'link'>) => VlanEntryInput
): Operation<void> {
  if (typeof vlans !== 'object' || vlans === null) invalidType(vlans, 'VLANs of a link: an object')
  if (vlans.link === undefined) throw new InvalidType(undefined, 'given', 'ERR_MISSING_FIELD').within('link')
  const { needs, resolve } = linkReferences(vlans, ['link'], connection)
  return {
    request: { method, input: vlans },
    syscall: type === RTM_NEWVLAN ? 'RTM_NEWVLAN' : 'RTM_DELVLAN',
    type,
    flags: 0,
    schema: vlanMessage,
    needs,
    write(writer, indexOf) {
      const { link, ...rest } = resolve(indexOf)
      vlanMessage.write(writer, { link: link ?? undefined })
      // Beside the message's schema, so that errors name the caller's fields.
      const start = writer.beginAttribute(VLANDB_ENTRY | nestedFlag)
      vlanEntry.write(writer, input(rest as unknown as Omit<T, 'link'>))
      writer.endAttribute(start)
    }
  }
}
