import type { PortProtocol } from '../ports/port.js'

/** What the rules have to know of a bridge network. */
export interface FirewallNetwork {
  readonly id: string
  readonly bridge: string
  /** Its subnets, IPv4 and IPv6. */
  readonly subnets: readonly string[]
  readonly internal: boolean
  /** Its containers reach each other. */
  readonly interContainer: boolean
  /** What leaves by another link has an address of the host. */
  readonly masquerade: boolean
  /** By family the address that it leaves with; otherwise that of the link by which it leaves. */
  readonly outboundAddress?: string | undefined
  readonly outboundAddress6?: string | undefined
}

/** A port of the host that leads to a container. */
export interface PublishedPort {
  readonly networkId: string
  readonly protocol: PortProtocol
  /** `0.0.0.0` and `::` are every address of the family. */
  readonly hostAddress: string
  readonly hostPort: number
  /** Of the same family as `hostAddress`. */
  readonly containerAddress: string
  readonly containerPort: number
  /**
   * The bridge's address of the same family: the source that connections from 127.0.0.1 and ::1 get. Without one they
   * don't reach the container.
   */
  readonly bridgeAddress?: string | undefined
}

/**
 * The rules of all networks of one state directory, in its own table `inet netloom-` and 12 digits. Each method is one transaction, and its cost does
 * not grow with the networks and ports that exist.
 */
export interface Firewall {
  /** Throws `ERR_FOREIGN_FIREWALL`, and changes nothing, where another table would drop the network's traffic. */
  ensureNetwork(network: FirewallNetwork): Promise<void>
  /** Ends without an error if it isn't there. */
  removeNetwork(network: FirewallNetwork): Promise<void>
  /**
   * Takes what is published already for good. Flushes the connections that had these ports before. Throws
   * `ERR_PORT_IN_USE` where one leads elsewhere, and `ERR_FIREWALL_INCOMPLETE` where the table is not whole: `reconcile`
   * mends it.
   */
  publish(ports: readonly PublishedPort[]): Promise<void>
  /** Ends the connections by these ports. What is not published, or leads elsewhere by now, is left alone. */
  withdraw(ports: readonly PublishedPort[]): Promise<void>
  /** Makes the table hold exactly this, whatever was done to it. True if something had to be changed. */
  reconcile(networks: readonly FirewallNetwork[], ports: readonly PublishedPort[]): Promise<boolean>
}
