/**
 * What a network of the driver `macvlan` takes. In brackets: Docker's name for it.
 *
 * The kernel passes nothing between a parent link and the links on it: the host itself does not reach the sandboxes of
 * such a network by it, nor they the host.
 */
export interface MacvlanNetworkOptions {
  /** The link by which it leaves, or `eth0.50` for a VLAN of it, which is made if it isn't there. Default: a dummy link of its own, for an internal network. [`parent`] */
  readonly parent?: string | undefined
  /**
   * Default: `'bridge'`. With `'passthru'` one endpoint alone takes over the parent with its MAC address, and can be given
   * none. [`macvlan_mode`]
   */
  readonly mode?: 'bridge' | 'vepa' | 'private' | 'passthru' | undefined
  /** Bytes. Default: that of the parent. [`com.docker.network.driver.mtu`] */
  readonly mtu?: number | undefined
}
