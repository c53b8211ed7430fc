import type { TopologyLink, TopologyNamespace } from '../topology.js'

/** A link with those that hang on it: the ports of a bridge, the VLANs of a card. */
export interface Nested {
  readonly link: TopologyLink
  /** It is a port of the one above, or is stacked upon it. */
  readonly as: 'root' | 'port' | 'stacked'
  readonly children: readonly Nested[]
}

/** Arranges links of a namespace below the bridge, or whatever else, that they are ports of, otherwise on what they sit on. */
export function nest(namespace: TopologyNamespace, links: readonly TopologyLink[]): Nested[] {
  const shown = new Set(links.map(({ index }) => index))
  const above = (link: TopologyLink): { index: number; as: 'port' | 'stacked' } | undefined => {
    if (link.master !== undefined && shown.has(link.master)) return { index: link.master, as: 'port' }
    const { parent } = link
    if (parent?.namespace !== namespace.inode || !shown.has(parent.link) || parent.link === link.index)
      return undefined
    return { index: parent.link, as: 'stacked' }
  }
  const placed = new Set<TopologyLink>()
  const below = (link: TopologyLink, as: Nested['as']): Nested => {
    placed.add(link)
    const children: Nested[] = []
    for (const child of links) {
      const place = above(child)
      if (place?.index === link.index && !placed.has(child)) children.push(below(child, place.as))
    }
    return { link, as, children }
  }
  const roots = links.filter((link) => above(link) === undefined).map((link) => below(link, 'root'))
  // A ring, which the kernel allows of macvlans in different namespaces alone, has no root.
  for (const link of links) if (!placed.has(link)) roots.push(below(link, 'root'))
  return roots
}

/** Nested links in a row, each with how deep it lies. */
export function* flatten(nested: readonly Nested[], depth = 0): Generator<{ nested: Nested; depth: number }> {
  for (const one of nested) {
    yield { nested: one, depth }
    yield* flatten(one.children, depth + 1)
  }
}
