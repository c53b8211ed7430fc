export { applyPacked } from './apply.js'
export { listPacked, packedDump } from './dump.js'
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
} from './packed-routes.js'
export { packedVerbs } from './verbs.js'
