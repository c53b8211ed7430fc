import type { PictureCable } from '../picture.js'
import type { Box, Card } from './box.js'

/** One end of a cable. */
export interface End {
  readonly box: Box
  readonly card: Card
}

/** A cable from box to box. */
export interface Edge {
  readonly kind: PictureCable['kind']
  readonly from: End
  readonly to: End
}

/** Which boxes cables join, and by which cards. */
export interface Graph {
  readonly boxes: readonly Box[]
  readonly edges: readonly Edge[]
  /** The boxes that a box is joined to, each once. */
  neighbors(box: Box): readonly Box[]
}

export function graphOf(boxes: readonly Box[], cables: readonly PictureCable[]): Graph {
  const ends = new Map(
    boxes.flatMap((box) => box.cards.map((card) => [card.link.id, { box, card }] as const))
  )
  const edges = cables
    .map(({ kind, from, to }) => ({ kind, from: ends.get(from)!, to: ends.get(to)! }))
    .filter(({ from, to }) => from.box !== to.box)
  const neighbors = new Map<Box, Set<Box>>(boxes.map((box) => [box, new Set()]))
  for (const { from, to } of edges) {
    neighbors.get(from.box)!.add(to.box)
    neighbors.get(to.box)!.add(from.box)
  }
  return { boxes, edges, neighbors: (box) => [...neighbors.get(box)!] }
}

/** Sets of boxes that cables join, directly or through others, without those in `apart`. */
export function components(
  graph: Graph,
  among: readonly Box[],
  apart: ReadonlySet<Box> = new Set()
): Box[][] {
  const seen = new Set(apart)
  const found: Box[][] = []
  for (const start of among) {
    if (seen.has(start)) continue
    seen.add(start)
    const component = [start]
    for (const box of component) {
      for (const next of graph.neighbors(box)) {
        if (seen.has(next)) continue
        seen.add(next)
        component.push(next)
      }
    }
    found.push(component)
  }
  return found
}

/** How many cables away from `root` each box is. */
export function distances(graph: Graph, root: Box): Map<Box, number> {
  const found = new Map([[root, 0]])
  for (const [box, distance] of found) {
    for (const next of graph.neighbors(box)) if (!found.has(next)) found.set(next, distance + 1)
  }
  return found
}
