import type { LinkPlace, TopologyNamespace } from '../topology.js'
import { bindingOf, describeLink, describeRoute } from './describe-link.js'
import type { Found } from './found.js'
import { type ReadNamespace, type ResolvedIds, idKey } from './resolve-ids.js'

/** What is shown of a namespace that was read. `places` are all that were. */
export function describeNamespace(
  { found, contents }: ReadNamespace,
  resolved: ResolvedIds,
  places: ReadonlyMap<number, Found>
): TopologyNamespace {
  const links = [...contents.links].sort((a, b) => a.index - b.index)
  const placeOf = (link: (typeof links)[number]): LinkPlace | undefined => {
    const binding = bindingOf(link)
    if (binding === undefined) return undefined
    const { namespaceId, link: index } = binding
    if (namespaceId === undefined) return { namespace: found.inode, link: index }
    const inode = resolved.get(idKey(found, namespaceId))
    return { namespace: places.has(inode ?? -1) ? inode : undefined, namespaceId, link: index }
  }
  return {
    ...describeOutside(found),
    links: links.map((link) => {
      const ports = links.filter(({ master }) => master === link.index).map(({ index }) => index)
      return describeLink(
        link,
        contents.addresses.filter((address) => address.link === link.index),
        ports.length === 0 ? undefined : ports,
        placeOf(link)
      )
    }),
    defaultRoutes: contents.defaultRoutes.flatMap(describeRoute)
  }
}

/** What is known of a namespace without having entered it. */
export function describeOutside({
  inode,
  current,
  pins,
  process,
  processes
}: Found): Omit<TopologyNamespace, 'links' | 'defaultRoutes'> {
  const names = pins
    .filter((pin) => /^\/run\/netns\/[^/]+$/.test(pin))
    .map((pin) => pin.slice('/run/netns/'.length))
  return { inode, current, names, pins, process, processes }
}

/** The current one first, then by name, then by process. */
export function byPlace(a: TopologyNamespace, b: TopologyNamespace): number {
  return rank(a) - rank(b) || compare(a.names[0] ?? '', b.names[0] ?? '') || order(a) - order(b)
}

function rank({ current, names }: TopologyNamespace): number {
  return current ? 0 : names.length > 0 ? 1 : 2
}

function order({ process, inode }: TopologyNamespace): number {
  return process?.pid ?? inode
}

/** By code units: the order must not depend on the locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
