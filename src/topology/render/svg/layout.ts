import type { Box } from './box.js'
import { type Graph, components, distances } from './graph.js'

/** Distances between boxes, in pixels. */
const columnGap = 110
const rowGap = 22
const blockGap = 48
const margin = 24
/** Boxes without cables are put into rows of about this width. */
const smallestRow = 900
/** With more neighbours than this, a box has them on both sides. */
const oneSided = 4

export interface Placed {
  readonly box: Box
  readonly x: number
  readonly y: number
}

export interface Layout {
  readonly placed: ReadonlyMap<Box, Placed>
  readonly width: number
  readonly height: number
}

/**
 * Places boxes so that cables run between neighbouring columns: the namespace with the most neighbours in the middle,
 * or the current one, and the others in columns by how far they are from it. What hangs together without it stays on
 * one side. Boxes without cables come last, in rows.
 */
export function layOut(graph: Graph): Layout {
  const placed = new Map<Box, Placed>()
  const joined = graph.boxes.filter((box) => graph.neighbors(box).length > 0)
  let y = margin
  let right = 0
  for (const component of components(graph, joined)) {
    const block = layOutComponent(graph, component)
    const left = Math.min(...block.map((place) => place.x))
    const top = Math.min(...block.map((place) => place.y))
    for (const { box, ...at } of block) placed.set(box, { box, x: at.x - left + margin, y: at.y - top + y })
    right = Math.max(right, ...block.map(({ box, x }) => x - left + margin + box.width))
    y += Math.max(...block.map(({ box, y: at }) => at - top + box.height)) + blockGap
  }
  const alone = graph.boxes.filter((box) => !placed.has(box))
  const rows = layOutRows(alone, Math.max(right, smallestRow), y)
  for (const place of rows) placed.set(place.box, place)
  const all = [...placed.values()]
  return {
    placed,
    // Cables between boxes of the last column swing out to the right.
    width: Math.max(0, ...all.map(({ box, x }) => x + box.width)) + margin + (right > 0 ? 30 : 0),
    height: Math.max(0, ...all.map(({ box, y: at }) => at + box.height)) + margin
  }
}

function layOutComponent(graph: Graph, component: readonly Box[]): Placed[] {
  const root = rootOf(graph, component)
  const distance = distances(graph, root)
  const sides = sidesOf(graph, component, root)
  const places: Placed[] = [{ box: root, x: 0, y: -root.height / 2 }]
  for (const [sign, boxes] of [
    [1, sides.right],
    [-1, sides.left]
  ] as const) {
    let edge = sign === 1 ? root.width : 0
    let before: readonly Placed[] = places.slice(0, 1)
    for (let depth = 1; ; depth++) {
      const column = boxes.filter((box) => distance.get(box) === depth)
      if (column.length === 0) break
      const width = Math.max(...column.map((box) => box.width))
      const x = sign === 1 ? edge + columnGap : edge - columnGap - width
      before = layOutColumn(graph, column, before).map(({ box, y }) => ({
        box,
        // Boxes of a column keep to the side from which the cables come.
        x: sign === 1 ? x : x + width - box.width,
        y
      }))
      places.push(...before)
      edge = sign === 1 ? x + width : x
    }
  }
  return places
}

/** The current namespace, otherwise the one with the most neighbours. */
function rootOf(graph: Graph, component: readonly Box[]): Box {
  const current = component.find(({ namespace }) => namespace.namespace.current)
  if (current !== undefined) return current
  return component.reduce((best, box) =>
    graph.neighbors(box).length > graph.neighbors(best).length ? box : best
  )
}

/** Shares out what hangs on the root, so that both sides become about as high. */
function sidesOf(graph: Graph, component: readonly Box[], root: Box): { left: Box[]; right: Box[] } {
  const order = component.toSorted((a, b) => attachment(graph, a, [root]) - attachment(graph, b, [root]))
  const parts = components(graph, order, new Set([root]))
  const sides = { left: [] as Box[], right: [] as Box[] }
  const both = graph.neighbors(root).length > oneSided
  const height = (boxes: readonly Box[]): number => boxes.reduce((sum, box) => sum + box.height, 0)
  for (const part of parts) {
    const side = both && height(sides.left) < height(sides.right) ? sides.left : sides.right
    side.push(...part)
  }
  return sides
}

/** One below the other, in the order in which their cables come from the column before, around the middle. */
function layOutColumn(
  graph: Graph,
  boxes: readonly Box[],
  before: readonly Placed[]
): { box: Box; y: number }[] {
  const tops = new Map(before.map(({ box, y }) => [box, y]))
  const from = before.map(({ box }) => box)
  const sorted = boxes.toSorted((a, b) => attachment(graph, a, from, tops) - attachment(graph, b, from, tops))
  const height = sorted.reduce((sum, box) => sum + box.height + rowGap, -rowGap)
  let y = -height / 2
  return sorted.map((box) => {
    const place = { box, y }
    y += box.height + rowGap
    return place
  })
}

/** At which height, on average, a box is attached to others. */
function attachment(
  graph: Graph,
  box: Box,
  others: readonly Box[],
  tops: ReadonlyMap<Box, number> = new Map()
): number {
  const heights: number[] = []
  for (const { from, to } of graph.edges) {
    const other = from.box === box ? to : to.box === box ? from : undefined
    if (other === undefined || !others.includes(other.box)) continue
    heights.push((tops.get(other.box) ?? 0) + other.card.y)
  }
  return heights.length === 0 ? 0 : heights.reduce((sum, height) => sum + height) / heights.length
}

function layOutRows(boxes: readonly Box[], width: number, top: number): Placed[] {
  const places: Placed[] = []
  let x = margin
  let y = top
  let height = 0
  for (const box of boxes) {
    if (x > margin && x + box.width > width) {
      x = margin
      y += height + rowGap
      height = 0
    }
    places.push({ box, x, y })
    x += box.width + rowGap
    height = Math.max(height, box.height)
  }
  return places
}
