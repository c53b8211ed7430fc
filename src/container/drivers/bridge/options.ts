/** What a network of the driver `bridge` takes besides its pools. In brackets: Docker's name for it. */
export interface BridgeNetworkOptions {
  /** The bridge. Default: `nl-` and the first 12 digits of the network's id. [`com.docker.network.bridge.name`] */
  readonly name?: string | undefined
  /**
   * The bridge is there already. It keeps its settings, and stays when the network goes; the addresses of the gateways
   * that it hasn't are added for as long. The network may have the bridge's own subnets, but none of other links of the
   * host. Default: false.
   */
  readonly existing?: boolean | undefined
  /** Containers of the network reach each other. Default: true. [`com.docker.network.bridge.enable_icc`] */
  readonly interContainer?: boolean | undefined
  /** What leaves by another link gets an address of the host. Default: true. [`com.docker.network.bridge.enable_ip_masquerade`] */
  readonly masquerade?: boolean | undefined
  /** The IPv4 address that it gets. Default: that of the link by which it leaves. [`com.docker.network.host_ipv4`] */
  readonly outboundAddress?: string | undefined
  /** The same for IPv6. [`com.docker.network.host_ipv6`] */
  readonly outboundAddress6?: string | undefined
  /** Bytes. Default: that of the link of the default route, otherwise 1500. [`com.docker.network.driver.mtu`] */
  readonly mtu?: number | undefined
  /** Where ports are published that name no address. Default: every address. [`com.docker.network.bridge.host_binding_ipv4`] */
  readonly hostAddress?: string | undefined
  /** Prefix of the interfaces' names inside. Default: `eth`. [`com.docker.network.container_iface_prefix`] */
  readonly interfacePrefix?: string | undefined
}
