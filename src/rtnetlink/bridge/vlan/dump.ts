import { InvalidType, Writer, within } from '../../../codec/index.js'
import type { DumpRequest, NetlinkConnection } from '../../../netlink/index.js'
import { checkFilter } from '../../filter.js'
import { linkReferences } from '../../link-ref.js'
import type { LinkRef } from '../../link-ref.js'
import { RTM_GETVLAN, RTM_NEWVLAN, vlanId, vlanMessage, vlanRequest } from './schema.js'
import { readVlans } from './vlan.js'
import type { BridgeVlan } from './vlan.js'

/** Which VLANs to list. Absent properties do not restrict; `link` filters in the kernel. */
export interface BridgeVlanFilter {
  /** A port of a bridge, or a bridge: the VLANs of that alone. */
  readonly link?: LinkRef | undefined
  readonly vlan?: number | undefined
  /** True adds the traffic of each VLAN. */
  readonly statistics?: boolean | undefined
}

/** Asks for the VLANs that match; a message holds those of one link. */
export function vlanDump(
  connection: NetlinkConnection,
  filter: BridgeVlanFilter,
  method = 'bridge.vlans.list'
): DumpRequest<BridgeVlan[]> {
  checkFilter(filter, ['link', 'vlan', 'statistics'])
  const { needs, resolve } = linkReferences(filter, ['link'], connection)
  const { vlan, statistics } = filter
  if (vlan !== undefined) within('vlan', () => vlanId.write(new Writer(4), vlan))
  if (statistics !== undefined && typeof statistics !== 'boolean') {
    throw new InvalidType(statistics, 'true or false').within('statistics')
  }
  return {
    request: { method, input: filter },
    syscall: 'RTM_GETVLAN',
    type: RTM_GETVLAN,
    schema: vlanMessage,
    needs,
    write(writer, indexOf) {
      vlanRequest.write(writer, {
        link: resolve(indexOf).link ?? undefined,
        flags: statistics === true ? ['statistics'] : undefined
      })
    },
    read(message) {
      if (message.type !== RTM_NEWVLAN) return undefined
      const vlans = readVlans(message)
      return vlan === undefined ? vlans : vlans.filter((one) => one.vlan === vlan)
    }
  }
}
