import type { Topology } from '../../topology.js'
import type { RenderOptions } from '../options.js'
import { picture } from '../picture.js'
import { layOutBox } from './box.js'
import { drawBox, drawEdge } from './draw.js'
import { element } from './element.js'
import { graphOf } from './graph.js'
import { layOut } from './layout.js'
import { style } from './style.js'

/**
 * A picture in SVG: a box for each namespace, a card for each link, lines for what joins them. It needs nothing from
 * elsewhere, and follows the reader's colour scheme.
 */
export function renderSvg(topology: Topology, options: RenderOptions = {}): string {
  const { namespaces, cables } = picture(topology, options)
  const boxes = namespaces.map((namespace) => layOutBox(namespace, cables))
  const graph = graphOf(boxes, cables)
  const { placed, width, height } = layOut(graph)
  const content = [
    '<title>Network topology</title>',
    `<style>${style}</style>`,
    element('rect', { class: 'paper', width: '100%', height: '100%' }),
    ...boxes.map((box) => drawBox(placed.get(box)!)),
    ...graph.edges.map((edge) => drawEdge(edge, placed))
  ]
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    role: 'img',
    width,
    height,
    viewBox: `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`
  }
  return `${element('svg', attributes, content)}\n`
}
