export type { RouteCacheInfo } from './cache-info.js'
export { encapsulation } from './encapsulation/index.js'
export type { Encapsulation, EncapsulationSpec } from './encapsulation/index.js'
export type { RouteFamily } from './family.js'
export { routeDump } from './filter.js'
export type { RouteFilter } from './filter.js'
export type { RouteLookup } from './lookup.js'
export type { RouteMetrics, RouteMetricsSpec } from './metrics.js'
export type { RouteNextHop } from './next-hops.js'
export { routeOperations } from './operations.js'
export type { Realms } from './realms.js'
export { isRouteFamily } from './family.js'
export type {
  PackedFamily,
  PackedInet6Routes,
  PackedInet6RoutesSpec,
  PackedInetRoutes,
  PackedInetRoutesSpec,
  PackedRouteFilter,
  PackedRoutes,
  PackedRoutesOf,
  PackedRoutesSpec
} from './packed/index.js'
export { readRoute } from './route.js'
export type { Route, RouteNextHopSpec, RouteSpec } from './route.js'
export { Routes } from './routes.js'
export { RTM_DELROUTE, RTM_GETROUTE, RTM_NEWROUTE } from './schema.js'
export type { Via } from './via.js'
