import type { Address } from '../../rtnetlink/address/index.js'
import type { Link } from '../../rtnetlink/link/index.js'
import type { Route } from '../../rtnetlink/route/index.js'
import type { LinkPlace, TopologyLink, TopologyRoute } from '../topology.js'

/** Kinds whose links come in pairs: what such a link is bound to is its other end. */
const paired = new Set(['veth', 'netkit', 'vxcan'])

/** What a link is bound to, as it says itself: by an index, here or in the namespace that has this id. */
export interface Binding {
  readonly paired: boolean
  readonly link: number
  readonly namespaceId?: number | undefined
}

/** What a link is bound to, if anything. */
export function bindingOf(link: Link): Binding | undefined {
  const index = link.link ?? (link.kind === 'vxlan' ? link.vxlan.link : undefined)
  if (index === undefined) return undefined
  return { paired: paired.has(kindOf(link) ?? ''), link: index, namespaceId: link.linkNamespaceId }
}

function kindOf(link: Link): string | undefined {
  return link.kind === 'unknown' ? link.kindName : link.kind
}

/** A link as the topology shows it. `place` is what it is bound to. */
export function describeLink(
  link: Link,
  addresses: readonly Address[],
  ports: readonly number[] | undefined,
  place: LinkPlace | undefined
): TopologyLink {
  const isPaired = bindingOf(link)?.paired === true
  return {
    index: link.index,
    name: link.name,
    kind: kindOf(link),
    ...settingsOf(link),
    loopback: link.flags.includes('loopback'),
    up: link.up,
    state: String(link.operationalState ?? 'unknown'),
    macAddress: link.macAddress,
    mtu: link.mtu,
    addresses: addresses.map(({ address, peer }) =>
      peer === undefined ? address : `${address} peer ${peer}`
    ),
    master: link.master,
    ports,
    peer: isPaired ? place : undefined,
    parent: isPaired ? undefined : place
  }
}

function settingsOf(link: Link): Pick<TopologyLink, 'id' | 'mode'> {
  switch (link.kind) {
    case 'vlan':
      return { id: link.vlan.id }
    case 'vxlan':
      return { id: link.vxlan.id }
    case 'macvlan':
      return { mode: modeText(link.macvlan.mode) }
    case 'macvtap':
      return { mode: modeText(link.macvtap.mode) }
    case 'ipvlan':
      return { mode: modeText(link.ipvlan.mode) }
    default:
      return {}
  }
}

function modeText(mode: string | number | undefined): string | undefined {
  return mode === undefined ? undefined : String(mode)
}

/** A default route of one hop, or of several. */
export function describeRoute(route: Route): TopologyRoute[] {
  const { family, priority } = route
  if (family === 'mpls') return []
  const hops = route.nextHops ?? [route]
  return hops.map((hop) => ({ family, gateway: hop.gateway ?? hop.via?.address, link: hop.link, priority }))
}
