/** What a network of the driver `ipvlan` takes. In brackets: Docker's name for it. The host reaches it as little as macvlan. */
export interface IpvlanNetworkOptions {
  /** As that of macvlan. [`parent`] */
  readonly parent?: string | undefined
  /** Default: `'l2'`. In `l3` and `l3s` there is no gateway: the default route leads out of the link. [`ipvlan_mode`] */
  readonly mode?: 'l2' | 'l3' | 'l3s' | undefined
  /** Default: `'bridge'`. [`ipvlan_flag`] */
  readonly flag?: 'bridge' | 'private' | 'vepa' | undefined
  /** Bytes. Default: that of the parent. [`com.docker.network.driver.mtu`] */
  readonly mtu?: number | undefined
}
