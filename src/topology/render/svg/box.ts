import { flatten, nest } from '../nesting.js'
import type { PictureCable, PictureLink, PictureNamespace } from '../picture.js'

/** Distances, in pixels. */
const padding = 12
const indent = 20
export const cardPadding = 7
const lineHeight = 16
const cardGap = 8
export const titleHeight = 32
/** The advance of a character in a monospaced font of 12 px. */
const characterWidth = 7.25
const smallestWidth = 150
/** Room on the right for cables that begin and end in the box. */
const loopRoom = 30

/** A link in its box; positions are relative to the box. */
export interface Card {
  readonly link: PictureLink
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** The card of the bridge that it is a port of, or of what it sits on, if that stands above it. */
  readonly above?: { readonly card: Card; readonly as: 'port' | 'stacked' } | undefined
}

/** A cable between two cards of one box that the order of the cards doesn't show. */
export interface Loop {
  readonly kind: PictureCable['kind']
  readonly from: Card
  readonly to: Card
}

/** A namespace with its links, not placed yet. */
export interface Box {
  readonly namespace: PictureNamespace
  readonly width: number
  readonly height: number
  readonly cards: readonly Card[]
  readonly loops: readonly Loop[]
}

/** Lays out the links of a namespace one below the other, what hangs on a link indented below it. */
export function layOutBox(namespace: PictureNamespace, cables: readonly PictureCable[]): Box {
  const byLink = new Map(namespace.links.map((link) => [link.link, link]))
  const rows = [...flatten(nest(namespace.namespace, [...byLink.keys()]))].map(({ nested, depth }) => ({
    nested,
    depth,
    link: byLink.get(nested.link)!
  }))
  const widths = rows.map(({ link, depth }) => depth * indent + textWidth(link) + 2 * cardPadding)
  const heading = columns(namespace.title) * characterWidth * 1.15
  const remark = columns(namespace.remark ?? '') * characterWidth
  const inner = Math.ceil(Math.max(smallestWidth - 2 * padding, heading, remark, ...widths))
  const cards: Card[] = []
  /** The latest card at each depth: the one that deeper ones hang on. */
  const path: Card[] = []
  let y = titleHeight
  for (const { nested, depth, link } of rows) {
    const height = (link.lines.length + 1) * lineHeight + 2 * cardPadding - 4
    const above = nested.as === 'root' ? undefined : { card: path[depth - 1]!, as: nested.as }
    const card = { link, x: padding + depth * indent, y, width: inner - depth * indent, height, above }
    cards.push(card)
    path[depth] = card
    y += height + cardGap
  }
  if (cards.length === 0) y += lineHeight + cardGap
  const loops = loopsOf(cards, cables)
  return {
    namespace,
    width: inner + 2 * padding + (loops.length > 0 ? loopRoom : 0),
    height: y - cardGap + padding,
    cards,
    loops
  }
}

function loopsOf(cards: readonly Card[], cables: readonly PictureCable[]): Loop[] {
  const byId = new Map(cards.map((card) => [card.link.id, card]))
  return cables.flatMap(({ kind, from: a, to: b }) => {
    const [from, to] = [byId.get(a), byId.get(b)]
    return from === undefined || to === undefined || from.above?.card === to ? [] : [{ kind, from, to }]
  })
}

function textWidth({ name, kind, lines }: PictureLink): number {
  const head = columns(name) + (kind === '' ? 0 : columns(kind) + 2)
  return Math.max(head, ...lines.map(columns)) * characterWidth
}

/** How many columns a text takes: East Asian characters take two. */
function columns(text: string): number {
  let count = 0
  for (const character of text) count += character.codePointAt(0)! >= 0x1100 ? 2 : 1
  return count
}

/** Where the lines of a card begin, from its top. */
export function baseline(line: number): number {
  return cardPadding + 11 + line * lineHeight - 2
}
