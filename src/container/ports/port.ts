export type PortProtocol = 'tcp' | 'udp' | 'sctp'

/** A port, or as many as a range has, to be published. */
export interface PortOptions {
  /** Inside: a port, or a range `'8000-8010'`. */
  readonly containerPort: number | string
  /** Default: `'tcp'`. */
  readonly protocol?: PortProtocol | undefined
  /** An address of the host. Default: that of the network, or every address of both families. */
  readonly hostAddress?: string | undefined
  /**
   * On the host: a port, a range as long as the container's, a longer range to choose one port of, or 0.
   * Default: 0, a free one of `net.ipv4.ip_local_port_range`.
   */
  readonly hostPort?: number | string | undefined
}

/** One published port, with everything chosen. */
export interface PortBinding {
  readonly protocol: PortProtocol
  /** Canonical; `0.0.0.0` and `::` are every address of their family. */
  readonly hostAddress: string
  readonly hostPort: number
  readonly containerPort: number
}
