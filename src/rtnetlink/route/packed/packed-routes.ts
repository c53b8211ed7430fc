import type { LinkRef } from '../../link-ref.js'
import type { RouteFilter } from '../filter.js'
import type { Route, RouteSpec } from '../route.js'

/** The families whose routes can be packed. */
export type PackedFamily = 'inet' | 'inet6'

interface Columns {
  /** How many rows there are: each column has so many elements. */
  readonly length: number
  readonly prefixLength: Uint8Array
  /** The index of the link that packets leave by; 0 without one. */
  readonly link: Uint32Array
  /** The metric; 0 without one. */
  readonly priority: Uint32Array
  readonly table: Uint32Array
  /** `RTPROT_*`, linux/rtnetlink.h: 2 is kernel, 3 boot, 4 static, 186 bgp. */
  readonly protocol: Uint8Array
  /** `RTNH_F_*` and `RTM_F_*`, linux/rtnetlink.h, as bits: 1 is dead, 4 onlink, 16 linkdown, 0x4000 rt_offload. */
  readonly flags: Uint32Array
  /**
   * What a row can't say all of: routes of other types, with several hops, an encapsulation, metrics, a
   * preferred source, an expiry and so on, and those of IPv4 whose scope is not the usual one.
   */
  readonly others: readonly Route[]
}

/** IPv4 routes as columns. Addresses are numbers in host order: 10.0.0.1 is 0x0a000001. */
export interface PackedInetRoutes extends Columns {
  readonly family: 'inet'
  readonly destination: Uint32Array
  /** 0 without one. */
  readonly gateway: Uint32Array
}

/** IPv6 routes as columns. Addresses take 16 elements each, in network order. */
export interface PackedInet6Routes extends Columns {
  readonly family: 'inet6'
  readonly destination: Uint8Array
  /** `::` without one. */
  readonly gateway: Uint8Array
}

/**
 * Routes as columns: element `i` of each tells of route `i`. A row is a unicast route with one hop; of its type
 * of service, preference and so on it has none but the usual.
 */
export type PackedRoutes = PackedInetRoutes | PackedInet6Routes

/** The columns of a family. */
export type PackedRoutesOf<F extends PackedFamily> = Extract<PackedRoutes, { readonly family: F }>

interface ColumnsSpec {
  /** 0 to 32, or to 128. Destinations have no bits set past it. */
  readonly prefixLength: Uint8Array | number
  /** Indices, 0 for none; or one link for all. */
  readonly link?: Uint32Array | LinkRef | undefined
  /** The metric. 0, the default, leaves it to the kernel: 0 for IPv4, 1024 for IPv6; a deletion matches any. */
  readonly priority?: Uint32Array | number | undefined
  /** `'main'` by default. */
  readonly table?: Uint32Array | number | string | undefined
  /** `'boot'` by default; a deletion matches any without it, or where it is 0. */
  readonly protocol?: Uint8Array | RouteSpec['protocol']
  /** `4` in a row, or `['onlink']` for all: the gateway is on the link. What only the kernel can say is left out. */
  readonly flags?: Uint32Array | RouteSpec['flags']
  /** May be given, as `listPacked` gives it; it must be right. */
  readonly length?: number | undefined
  /** May be given if it is empty: these are no rows, and need `addMany`. */
  readonly others?: readonly Route[] | undefined
}

/** IPv4 routes as columns, to write. Addresses are numbers in host order: 10.0.0.1 is 0x0a000001. */
export interface PackedInetRoutesSpec extends ColumnsSpec {
  readonly family: 'inet'
  readonly destination: Uint32Array
  /** 0 for none, as by default; or one for all. */
  readonly gateway?: Uint32Array | number | string | undefined
}

/** IPv6 routes as columns, to write. Addresses take 16 elements each, in network order. */
export interface PackedInet6RoutesSpec extends ColumnsSpec {
  readonly family: 'inet6'
  readonly destination: Uint8Array
  /** `::` for none, as by default; or one for all. */
  readonly gateway?: Uint8Array | string | undefined
}

/**
 * Routes to add, replace or delete as columns, all as long as `destination`. What is the same in all rows can
 * be given once, as a `RouteSpec` has it. Scope and type are filled in as for `routes.add`.
 */
export type PackedRoutesSpec = PackedInetRoutesSpec | PackedInet6RoutesSpec

/** Which routes to list as columns. The kernel filters by all of it. */
export interface PackedRouteFilter<F extends PackedFamily = PackedFamily> extends Pick<
  RouteFilter,
  'table' | 'type' | 'protocol' | 'link'
> {
  readonly family: F
}
