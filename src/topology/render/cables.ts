import type { Topology, TopologyLink, TopologyNamespace } from '../topology.js'
import type { Places } from './text.js'

/** A link of a topology. */
export interface CableEnd {
  readonly namespace: TopologyNamespace
  readonly link: TopologyLink
}

/** What joins two links. */
export interface Cable {
  /** The ends of a pair; a port and its bridge; what is stacked and what it sits on. */
  readonly kind: 'pair' | 'port' | 'stacked'
  readonly from: CableEnd
  readonly to: CableEnd
}

/** Everything that joins two links, once each; only of links that `shows` lets through. */
export function cables(topology: Topology, places: Places, shows: (end: CableEnd) => boolean): Cable[] {
  const found: Cable[] = []
  const pairs = new Set<TopologyLink>()
  const add = (kind: Cable['kind'], from: CableEnd, to: CableEnd | undefined): void => {
    if (to !== undefined && shows(from) && shows(to)) found.push({ kind, from, to })
  }
  for (const namespace of topology.namespaces) {
    for (const link of namespace.links) {
      const from = { namespace, link }
      const { peer, parent, master } = link
      if (master !== undefined) add('port', from, places.find({ namespace: namespace.inode, link: master }))
      if (parent !== undefined) add('stacked', from, places.find(parent))
      if (peer === undefined || pairs.has(link)) continue
      const other = places.find(peer)
      if (other !== undefined) pairs.add(other.link)
      add('pair', from, other)
    }
  }
  return found
}
