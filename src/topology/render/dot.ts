import type { Topology } from '../topology.js'
import type { RenderOptions } from './options.js'
import { type PictureLink, type PictureNamespace, picture } from './picture.js'

const edges = { pair: ' [penwidth=2]', port: '', stacked: ' [style=dashed]' } as const

/** A graph for Graphviz (graphviz.org/doc/info/lang.html): a cluster for each namespace, a node for each link. */
export function renderDot(topology: Topology, options: RenderOptions = {}): string {
  const { namespaces, cables } = picture(topology, options)
  const lines = [
    'graph topology {',
    '  graph [rankdir=LR, fontname="sans-serif", style=rounded]',
    '  node [shape=box, style=rounded, fontname="sans-serif", fontsize=11]',
    ...namespaces.flatMap(cluster),
    ...cables.map(({ kind, from, to }) => `  ${from} -- ${to}${edges[kind]}`),
    '}'
  ]
  return `${lines.join('\n')}\n`
}

function cluster({ id, title, remark, links }: PictureNamespace): string[] {
  return [
    `  subgraph cluster_${id} {`,
    `    label=${quote(title)}`,
    ...links.map((link) => `    ${node(link)}`),
    ...(remark === undefined ? [] : [`    ${id}_none [shape=plaintext, label=${quote(remark)}]`]),
    '  }'
  ]
}

function node({ id, name, kind, live, lines, tip, link }: PictureLink): string {
  const head = kind === '' ? name : `${name} (${kind})`
  const attributes = [`label=${quote([head, ...lines].join('\n'))}`, `tooltip=${quote(tip)}`]
  if (link.kind === 'bridge') attributes.push('peripheries=2')
  if (!live) attributes.push('style="rounded,dashed"', 'fontcolor=gray40')
  return `${id} [${attributes.join(', ')}]`
}

/** A string of DOT, in which a backslash begins an escape such as `\N`, the node's name, and `&` an entity. */
function quote(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replace(/[\\"]/g, '\\$&')
  return `"${escaped.replaceAll('\n', '\\n')}"`
}
