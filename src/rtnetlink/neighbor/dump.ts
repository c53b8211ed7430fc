import { InvalidType, ip, within, Writer } from '../../codec/index.js'
import type { DumpRequest, NetlinkConnection } from '../../netlink/index.js'
import { checkFilter, filterValue, inetFamily } from '../filter.js'
import { checkLinkRef } from '../link-ref.js'
import type { LinkRef } from '../link-ref.js'
import { neighborFlags } from './flags.js'
import { readNeighbor } from './neighbor.js'
import type { Neighbor, NeighborState } from './neighbor.js'
import {
  NDA_IFINDEX,
  NDA_MASTER,
  RTM_GETNEIGH,
  RTM_NEWNEIGH,
  neighborMessage,
  neighborState
} from './schema.js'

/**
 * Which neighbours to list. Absent properties do not restrict; `link`, `family`, `master` and `proxy` filter
 * in the kernel.
 */
export interface NeighborFilter {
  readonly link?: LinkRef | undefined
  readonly family?: 'inet' | 'inet6' | undefined
  /** A bridge, VRF or bond: the neighbours behind its ports. */
  readonly master?: LinkRef | undefined
  readonly destination?: string | undefined
  /** One state, or several. `ip neigh` hides `'noarp'`; a list does not. */
  readonly state?: NeighborState | readonly NeighborState[] | undefined
  /** True lists the proxy entries instead, which are apart from the others. */
  readonly proxy?: boolean | undefined
}

const filterKeys = ['link', 'family', 'master', 'destination', 'state', 'proxy']

/** Asks for the neighbours that match. */
export function neighborDump(
  connection: NetlinkConnection,
  filter: NeighborFilter,
  method = 'neighbors.list'
): DumpRequest<Neighbor> {
  checkFilter(filter, filterKeys)
  const reference = (key: 'link' | 'master'): string | number | undefined => {
    const given = filter[key]
    return given === undefined ? undefined : checkLinkRef(given, connection, key)
  }
  const link = reference('link')
  const master = reference('master')
  const { family, proxy } = filter
  if (proxy !== undefined && typeof proxy !== 'boolean')
    throw new InvalidType(proxy, 'true or false').within('proxy')
  const familyNumber = inetFamily(family)
  const states = statesOf(filter.state)
  const destination = filter.destination === undefined ? undefined : canonical(filter.destination)
  return {
    request: { method, input: filter },
    syscall: 'RTM_GETNEIGH',
    type: RTM_GETNEIGH,
    schema: neighborMessage,
    needs: [link, master].filter((target) => typeof target === 'string'),
    write(writer, indexOf) {
      const base = writer.zeros(neighborMessage.headerSize)
      writer.bytes[base] = familyNumber
      if (proxy === true) writer.bytes[base + 10] = neighborFlags.names.proxy
      for (const [attribute, target] of [
        [NDA_IFINDEX, link],
        [NDA_MASTER, master]
      ] as const) {
        if (target === undefined) continue
        const start = writer.beginAttribute(attribute)
        writer.u32(typeof target === 'string' ? indexOf(target) : target)
        writer.endAttribute(start)
      }
    },
    read(message) {
      if (message.type !== RTM_NEWNEIGH) return undefined
      const neighbor = readNeighbor(message)
      if (neighbor === undefined) return undefined
      if (states !== undefined && !states.includes(neighbor.state)) return undefined
      if (destination !== undefined && neighbor.destination !== destination) return undefined
      return neighbor
    }
  }
}

function statesOf(given: NeighborFilter['state']): readonly NeighborState[] | undefined {
  if (given === undefined) return undefined
  const list = Array.isArray(given) ? (given as readonly NeighborState[]) : [given as NeighborState]
  return list.map((state) => filterValue(neighborState, state, 'state')!)
}

/** An address in the form in which it is read. */
function canonical(address: string): string {
  const writer = new Writer(32)
  within('destination', () => ip.write(writer, address))
  return ip.read(writer.bytes, 0, writer.position)
}
