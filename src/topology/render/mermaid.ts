import type { Topology } from '../topology.js'
import type { RenderOptions } from './options.js'
import { type PictureLink, type PictureNamespace, picture } from './picture.js'

/** What joins two nodes: a cable, membership in a bridge, what one sits on. */
const edges = { pair: '===', port: '---', stacked: '-.-' } as const

/** A flowchart for Mermaid (mermaid.js.org): a subgraph for each namespace, a node for each link. */
export function renderMermaid(topology: Topology, options: RenderOptions = {}): string {
  const { namespaces, cables } = picture(topology, options)
  const down = namespaces.flatMap(({ links }) => links.filter(({ live }) => !live).map(({ id }) => id))
  const lines = [
    'flowchart LR',
    ...namespaces.flatMap(subgraph),
    ...cables.map(({ kind, from, to }) => `  ${from} ${edges[kind]} ${to}`),
    ...(down.length === 0
      ? []
      : ['  classDef down stroke-dasharray: 4 4, opacity: 0.6', `  class ${down.join(',')} down`])
  ]
  return `${lines.join('\n')}\n`
}

function subgraph({ id, title, remark, links }: PictureNamespace): string[] {
  return [
    `  subgraph ${id}["${escape(title)}"]`,
    ...links.map((link) => `    ${node(link)}`),
    ...(remark === undefined ? [] : [`    ${id}_none["${escape(remark)}"]`]),
    '  end'
  ]
}

/** Bridges and bonds, which have ports, are drawn with double sides. */
function node({ id, name, kind, lines, link }: PictureLink): string {
  const head = kind === '' ? `<b>${escape(name)}</b>` : `<b>${escape(name)}</b> ${escape(kind)}`
  const label = [head, ...lines.map(escape)].join('<br/>')
  return link.ports === undefined && link.kind !== 'bridge' ? `${id}["${label}"]` : `${id}[["${label}"]]`
}

/** Mermaid's own entities, which no browser decodes too early. Letters, digits and what addresses need stay. */
function escape(text: string): string {
  return text.replace(/[^\p{L}\p{N} .:/_@()-]/gu, (character) => `#${character.codePointAt(0)};`)
}
