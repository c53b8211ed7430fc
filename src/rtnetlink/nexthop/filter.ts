import { InvalidType, invalidValue, within } from '../../codec/index.js'
import type { DumpRequest, NetlinkConnection } from '../../netlink/index.js'
import { checkFilter, filterValue } from '../filter.js'
import { checkLinkRef } from '../link-ref.js'
import type { LinkRef } from '../link-ref.js'
import { routeProtocol } from '../route-protocol.js'
import { AF_INET, AF_INET6, AF_UNSPEC } from '../rtnetlink.js'
import { readNextHop } from './nexthop.js'
import type { NextHop } from './nexthop.js'
import { RTM_GETNEXTHOP, RTM_NEWNEXTHOP, nextHopMessage } from './schema.js'

/**
 * Which next hops to list. What is absent does not restrict. The kernel filters by family, link, master and
 * groups, the rest is filtered here.
 */
export interface NextHopFilter {
  readonly family?: 'inet' | 'inet6' | undefined
  readonly protocol?: NextHop['protocol'] | undefined
  /** Those that leave by this link. */
  readonly link?: LinkRef | undefined
  /** Those that leave by a link with this master, such as a VRF. */
  readonly master?: LinkRef | undefined
  /** Groups only. */
  readonly groups?: boolean | undefined
  /** Only those for bridge forwarding entries. */
  readonly fdb?: boolean | undefined
}

const keys: readonly (keyof NextHopFilter)[] = ['family', 'protocol', 'link', 'master', 'groups', 'fdb']
const families = { inet: AF_INET, inet6: AF_INET6 } as const

/** The request for the next hops that a filter lets through. */
export function nextHopDump(
  connection: NetlinkConnection,
  filter: NextHopFilter = {},
  method = 'nexthops.list'
): DumpRequest<NextHop> {
  checkFilter(filter, keys)
  const { family, groups, fdb } = filter
  if (family !== undefined && !Object.hasOwn(families, family)) {
    within('family', () => invalidValue(family, 'one of "inet", "inet6"'))
  }
  for (const key of ['groups', 'fdb'] as const) {
    const value = filter[key]
    if (value !== undefined && typeof value !== 'boolean') {
      throw new InvalidType(value, 'true or false').within(key)
    }
  }
  const link = filter.link === undefined ? undefined : checkLinkRef(filter.link, connection, 'link')
  const master = filter.master === undefined ? undefined : checkLinkRef(filter.master, connection, 'master')
  const protocol = filterValue(routeProtocol, filter.protocol, 'protocol')
  return {
    request: { method, input: filter },
    syscall: 'RTM_GETNEXTHOP',
    type: RTM_GETNEXTHOP,
    schema: nextHopMessage,
    needs: [link, master].filter((target) => typeof target === 'string'),
    write(writer, indexOf) {
      const index = (target: string | number | undefined): number | undefined =>
        typeof target === 'string' ? indexOf(target) : target
      nextHopMessage.write(writer, {
        family: family === undefined ? AF_UNSPEC : families[family],
        link: index(link),
        master: index(master),
        groups
      })
    },
    read(message) {
      if (message.type !== RTM_NEWNEXTHOP) return undefined
      const nextHop = readNextHop(message)
      if (protocol !== undefined && nextHop.protocol !== protocol) return undefined
      // The kernel takes the flag but lists the others too.
      return fdb === true && nextHop.fdb !== true ? undefined : nextHop
    }
  }
}
