import type { Topology, TopologyLink, TopologyNamespace } from '../topology.js'
import { type Nested, nest } from './nesting.js'
import type { RenderOptions } from './options.js'
import { factsOf, remarkOf } from './picture.js'
import {
  Places,
  defaultRouteTexts,
  isLive,
  kindText,
  namespaceTitle,
  printable,
  remarksOf,
  shownAddresses,
  shownLinks,
  stateText
} from './text.js'

/** What a piece of the tree is, for colours. */
export type TreeRole = 'namespace' | 'name' | 'kind' | 'address' | 'up' | 'down' | 'frame'

export interface TreeOptions extends RenderOptions {
  /** Puts colour on a piece of text. Default: as it is. */
  readonly paint?: ((role: TreeRole, text: string) => string) | undefined
}

/** Text, and what it is. */
type Cell = readonly [text: string, role?: TreeRole]

/** One line of the tree: the frame and name, then columns. */
interface Row {
  readonly frame: string
  readonly cells: readonly Cell[]
}

/** A tree for the terminal: namespaces, in them links, below a bridge its ports, below a link what sits on it. */
export function renderTree(topology: Topology, options: TreeOptions = {}): string {
  const places = new Places(topology, options)
  const blocks = topology.namespaces.map((namespace) => ({
    namespace,
    rows: rowsOf(namespace, places, options)
  }))
  const rows = blocks.flatMap((block) => block.rows)
  const widths: number[] = []
  for (const { frame, cells } of rows) {
    cells.forEach(([text], i) => {
      widths[i] = Math.max(widths[i] ?? 0, [...text].length + (i === 0 ? [...frame].length : 0))
    })
  }
  const paint = options.paint ?? ((_role, text) => text)
  const lines = blocks.flatMap(({ namespace, rows }) => [
    paint('namespace', namespaceTitle(namespace, options)) + alsoKnownAs(namespace, options),
    ...rows.map((row) => lineOf(row, widths, paint))
  ])
  return lines.map((line) => `${line}\n`).join('')
}

function alsoKnownAs(
  { inode, names, current, processes }: TopologyNamespace,
  options: RenderOptions
): string {
  const others = (options.names?.has(inode) === true ? names : names.slice(1)).map(printable)
  const notes = [
    ...(current && names.length > 0 ? ['this namespace'] : []),
    ...(others.length > 0 ? [`also ${others.join(', ')}`] : []),
    ...(!current && processes > 1 ? [`${processes} processes`] : [])
  ]
  return notes.length === 0 ? '' : ` (${notes.join('; ')})`
}

function lineOf(
  { frame, cells }: Row,
  widths: readonly number[],
  paint: NonNullable<TreeOptions['paint']>
): string {
  const last = cells.findLastIndex(([text]) => text !== '')
  let line = paint('frame', frame)
  cells.slice(0, last + 1).forEach(([text, role], i) => {
    const used = [...text].length + (i === 0 ? [...frame].length : 0)
    const padding = i === last ? '' : ' '.repeat((widths[i] ?? 0) - used + 2)
    line += (role === undefined || text === '' ? text : paint(role, text)) + padding
  })
  return line
}

function rowsOf(namespace: TopologyNamespace, places: Places, options: RenderOptions): Row[] {
  const nested = nest(namespace, shownLinks(namespace, options))
  if (nested.length === 0) return [{ frame: '└─ ', cells: [[remarkOf(namespace)]] }]
  return nested.flatMap((one, i) => rowsOfLink(one, '', i === nested.length - 1, namespace, places, options))
}

function rowsOfLink(
  { link, children }: Nested,
  frame: string,
  last: boolean,
  namespace: TopologyNamespace,
  places: Places,
  options: RenderOptions
): Row[] {
  const below = `${frame}${last ? '   ' : '│  '}`
  const [first = '', ...further] = [...shownAddresses(link, options), ...defaultRouteTexts(namespace, link)]
  const row: Row = {
    frame: `${frame}${last ? '└─ ' : '├─ '}`,
    cells: [
      [printable(link.name), 'name'],
      [kindText(link), 'kind'],
      [stateText(link), isLive(link) ? 'up' : 'down'],
      ...(options.details === true ? factCells(link) : []),
      [first, 'address'],
      [[...remarksOf(link, namespace, options), ...relations(link, namespace, places)].join(', ')]
    ]
  }
  const gap: Cell[] = row.cells.slice(1, -2).map(() => [''])
  const guide = children.length > 0 ? `${below}│` : below
  return [
    row,
    ...further.map((text): Row => ({ frame: guide, cells: [[''], ...gap, [text, 'address']] })),
    ...children.flatMap((child, i) =>
      rowsOfLink(child, below, i === children.length - 1, namespace, places, options)
    )
  ]
}

function factCells(link: TopologyLink): Cell[] {
  const facts = factsOf(link)
  return facts.length === 1 ? [[''], [facts[0]!]] : facts.map((fact): Cell => [fact])
}

/** What a link is joined to, where the tree itself doesn't show it. */
function relations(
  { peer, parent, master }: TopologyLink,
  namespace: TopologyNamespace,
  places: Places
): string[] {
  const parts: string[] = []
  if (peer !== undefined) parts.push(`↔ ${places.text(peer, namespace)}`)
  if (parent !== undefined && (master !== undefined || parent.namespace !== namespace.inode)) {
    parts.push(`on ${places.text(parent, namespace)}`)
  }
  return parts
}
