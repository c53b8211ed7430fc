/** The network of a whole machine, read as one object, and pictures of it. */
export { readTopology, type ReadTopologyOptions } from './read/read.js'
export { renderDot } from './render/dot.js'
export { renderMermaid } from './render/mermaid.js'
export type { RenderOptions } from './render/options.js'
export { renderSvg } from './render/svg/svg.js'
export { renderTree, type TreeOptions, type TreeRole } from './render/tree.js'
export type {
  LinkPlace,
  Topology,
  TopologyLink,
  TopologyNamespace,
  TopologyProcess,
  TopologyRoute
} from './topology.js'
