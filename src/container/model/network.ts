import type { BridgeNetworkOptions } from '../drivers/bridge/options.js'
import type { IpvlanNetworkOptions } from '../drivers/ipvlan/options.js'
import type { MacvlanNetworkOptions } from '../drivers/macvlan/options.js'

/** A subnet that a network takes addresses from, and what of it is given away. */
export interface PoolOptions {
  /** The subnet, as `'10.88.0.0/16'`. Without one, the next free one of the default pools of its family. */
  readonly subnet?: string | undefined
  /** Addresses are given out of this part of the subnet alone, as `'10.88.4.0/24'`. Default: all of it. */
  readonly range?: string | undefined
  /** The gateway's address. Default: the first of the range, or of the subnet. */
  readonly gateway?: string | undefined
  /** Addresses that are never given out, by what they are for: `{ router: '10.88.0.5' }`. */
  readonly auxiliaryAddresses?: Readonly<Record<string, string>> | undefined
}

/** A route that sandboxes have by a network. */
export interface NetworkRoute {
  /** `'10.89.0.0/24'` or `'fd00:89::/64'`. */
  readonly destination: string
  /** An address of the network. Without one, destinations are neighbours. */
  readonly gateway?: string | undefined
  /** What becomes of packets: `'unicast'` (the default) delivers them, the others don't (ip-route(8)). */
  readonly type?: 'unicast' | 'blackhole' | 'unreachable' | 'prohibit' | undefined
  /** The metric. Default: the kernel's. */
  readonly priority?: number | undefined
}

/** What `networks.create` takes. */
export interface NetworkOptions {
  /** `[a-zA-Z0-9][a-zA-Z0-9_.-]*`, one network each. */
  readonly name: string
  /** `'bridge'` (the default), `'host'`, `'none'`, `'macvlan'`, `'ipvlan'`, or a driver given to `open`. */
  readonly driver?: string | undefined
  /** Whether sandboxes have IPv4 addresses. Default: true. */
  readonly ipv4?: boolean | undefined
  /** Whether sandboxes have IPv6 addresses. Default: whether a pool is an IPv6 subnet. */
  readonly ipv6?: boolean | undefined
  /** Default: one of each family that is on, from the default pools. */
  readonly pools?: readonly PoolOptions[] | undefined
  /** Who gives out addresses: `'default'`, or a manager given to `open`. */
  readonly addressManager?: string | undefined
  /** No way out: no default route, no masquerading, no published ports, no forwarded DNS queries. Default: false. */
  readonly internal?: boolean | undefined
  /** Whether sandboxes may have their default route by it. Default: true, unless it is internal. */
  readonly defaultRoute?: boolean | undefined
  /**
   * Further routes that sandboxes have by it. Two with the same destination and metric exclude each other, also of two
   * networks of a sandbox (`ERR_ROUTE_EXISTS`), and a route and the subnet of a network; not two of these that are both
   * `'blackhole'`, `'unreachable'` or `'prohibit'`.
   */
  readonly routes?: readonly NetworkRoute[] | undefined
  readonly labels?: Readonly<Record<string, string>> | undefined
  readonly bridge?: BridgeNetworkOptions | undefined
  readonly macvlan?: MacvlanNetworkOptions | undefined
  readonly ipvlan?: IpvlanNetworkOptions | undefined
  /** The driver's options by the names that Docker gives them, `com.docker.network.*`; they say no more than those above. */
  readonly options?: Readonly<Record<string, string>> | undefined
}

/** A pool with its subnet chosen. All are in canonical text. */
export interface Pool {
  readonly family: 'inet' | 'inet6'
  /** `10.88.0.0/16` */
  readonly subnet: string
  readonly range?: string | undefined
  /** Without prefix length. Absent where the driver has no gateway. */
  readonly gateway?: string | undefined
  readonly auxiliaryAddresses?: Readonly<Record<string, string>> | undefined
}

/** How far something has come. What is not `ready` is finished or undone by the process named in `owner`, or after its death. */
export type Phase = 'creating' | 'ready' | 'removing'

/** A network, as the store keeps it. Plain JSON. */
export interface NetworkRecord {
  /** 64 hexadecimal digits. */
  readonly id: string
  readonly name: string
  readonly driver: string
  readonly addressManager: string
  /** Milliseconds since the epoch. */
  readonly created: number
  readonly ipv4: boolean
  readonly ipv6: boolean
  readonly internal: boolean
  readonly defaultRoute?: boolean | undefined
  readonly routes?: readonly NetworkRoute[] | undefined
  readonly pools: readonly Pool[]
  readonly labels: Readonly<Record<string, string>>
  /** What `NetworkDriver.plan` made of the options: complete, so that the kernel's objects follow from it. */
  readonly driverOptions: Readonly<Record<string, unknown>>
  readonly phase: Phase
  readonly owner?: ProcessIdentity | undefined
}

/** A process of this boot: its pid alone may be another's by now. */
export interface ProcessIdentity {
  readonly pid: number
  /** Field 22 of `/proc/PID/stat`: clock ticks after boot (proc_pid_stat(5)). */
  readonly startTime: number
  readonly bootId: string
}
