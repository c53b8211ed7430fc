import type { TopologyLink, TopologyNamespace } from '../topology.js'

/** How a topology is shown. */
export interface RenderOptions {
  /**
   * Shows also what is the same everywhere: a loopback that is up and has its usual addresses, devices that tunnel
   * modules put into every namespace, IPv6 link-local addresses. Default: false.
   */
  readonly all?: boolean | undefined
  /** Shows MAC addresses and MTUs too. Default: false. */
  readonly details?: boolean | undefined
  /** What to call namespaces, by their inodes, in place of the names that they have: those of containers, for instance. */
  readonly names?: ReadonlyMap<number, string> | undefined
  /** What to say of a link besides: the network whose bridge it is, for instance. */
  readonly remark?: ((link: TopologyLink, namespace: TopologyNamespace) => string | undefined) | undefined
}
