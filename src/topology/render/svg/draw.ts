import type { Box, Card, Loop } from './box.js'
import { baseline, cardPadding, titleHeight } from './box.js'
import { element, escape } from './element.js'
import type { Edge, End } from './graph.js'
import type { Placed } from './layout.js'

/** How far a cable that comes back to the same side swings out. */
const swing = 24

/** A namespace with its links. */
export function drawBox({ box, x, y }: Placed): string {
  const { namespace, width, height, cards, loops } = box
  return element('g', { transform: `translate(${Math.round(x)} ${Math.round(y)})` }, [
    element('rect', { class: 'namespace', width, height, rx: 8 }),
    text('title', 12, 21, namespace.title),
    ...(namespace.remark === undefined ? [] : [text('remark', 12, titleHeight + 12, namespace.remark)]),
    ...cards.map(drawElbow).filter((elbow) => elbow !== ''),
    ...cards.map(drawCard),
    ...loops.map(drawLoop)
  ])
}

function drawCard({ link, x, y, width, height }: Card): string {
  const { name, kind, lines, live, tip } = link
  const isBridge = link.link.kind === 'bridge'
  const left = x + cardPadding
  return element('g', live ? {} : { class: 'down' }, [
    element('title', {}, escape(tip)),
    element('rect', { class: isBridge ? 'link bridge' : 'link', x, y, width, height, rx: 5 }),
    text('name', left, y + baseline(0), name),
    ...(kind === ''
      ? []
      : [text('kind', x + width - cardPadding, y + baseline(0), kind, { 'text-anchor': 'end' })]),
    ...lines.map((line, i) => text('line', left, y + baseline(i + 1), line))
  ])
}

function text(
  style: string,
  x: number,
  y: number,
  content: string,
  attributes: Readonly<Record<string, string>> = {}
): string {
  return element('text', { class: style, x, y, ...attributes }, escape(content))
}

/** From a card to the one that it hangs on. */
function drawElbow({ above, x, y, height }: Card): string {
  if (above === undefined) return ''
  const { card, as } = above
  const stem = card.x + (x - card.x) / 2
  return path(as, ['M', stem, card.y + card.height, 'V', y + height / 2, 'H', x])
}

/** Between two cards of one box, on their right. */
function drawLoop({ kind, from, to }: Loop, i: number): string {
  const right = Math.max(from.x + from.width, to.x + to.width)
  // Those that overlap are told apart by how far they swing.
  const out = right + 12 + ((i * 5) % 16)
  return curve(kind, from.x + from.width, middle(from), out, to.x + to.width, middle(to))
}

function middle({ y, height }: Card): number {
  return y + height / 2
}

/** From box to box: out of the sides that face each other, or both out of the same if one is above the other. */
export function drawEdge({ kind, from, to }: Edge, placed: ReadonlyMap<Box, Placed>): string {
  const a = placeOf(from, placed)
  const b = placeOf(to, placed)
  if (a.right < b.left) return curve(kind, a.right, a.y, (a.right + b.left) / 2, b.left, b.y)
  if (b.right < a.left) return curve(kind, a.left, a.y, (a.left + b.right) / 2, b.right, b.y)
  const out = Math.max(a.right, b.right) + swing
  return curve(kind, a.right, a.y, out, b.right, b.y)
}

/** Where a card stands in the picture. */
function placeOf(
  { box, card }: End,
  placed: ReadonlyMap<Box, Placed>
): { left: number; right: number; y: number } {
  const { x, y } = placed.get(box)!
  return { left: x + card.x, right: x + card.x + card.width, y: y + middle(card) }
}

/** A curve that leaves and arrives level, and turns where x is `bend`. */
function curve(kind: string, x1: number, y1: number, bend: number, x2: number, y2: number): string {
  return path(kind, ['M', x1, y1, 'C', bend, y1, bend, y2, x2, y2])
}

function path(kind: string, d: readonly (string | number)[]): string {
  return element('path', {
    class: kind,
    d: d.map((part) => (typeof part === 'number' ? Math.round(part) : part)).join(' ')
  })
}
