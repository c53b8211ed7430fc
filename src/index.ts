export { NetworkStack } from './network-stack.js'
export type { NetworkStackOptions } from './network-stack.js'
export { Batch } from './batch.js'
export { errorCodes } from './error-codes.js'
export type { ErrorCode } from './error-codes.js'
export { InvalidRange, InvalidType } from './codec/index.js'
export type { UnknownAttribute } from './codec/index.js'
export { BatchError, DumpInterruptedError, NetlinkError, NetloomError } from './netlink/index.js'
export type {
  AttributePolicy,
  BatchProgress,
  CallOptions,
  CommitOptions,
  Outcome,
  RequestDescription
} from './netlink/index.js'
export * from './namespace/index.js'
export { ConntrackMonitor } from './netfilter/conntrack/index.js'
export type {
  ByDirection,
  Connection,
  ConnectionChange,
  ConnectionCounters,
  ConnectionFilter,
  ConnectionKey,
  ConnectionSettings,
  ConnectionSpec,
  ConnectionStatus,
  Conntrack,
  ConntrackEvent,
  ConntrackMonitorOptions,
  ConntrackObject,
  ConntrackObjects,
  ConntrackProcessorStatistics,
  ConntrackProtocol,
  ConntrackStatistics,
  DccpInfo,
  ExactDirection,
  ExactFilter,
  Expectation,
  ExpectationFilter,
  ExpectationKey,
  Expectations,
  ExpectationSpec,
  ExpectationStatistics,
  IcmpQuery,
  NatSpec,
  ReadConnectionOptions,
  SctpInfo,
  TcpInfo,
  TcpState,
  Tuple,
  TupleFilter,
  TupleSpec
} from './netfilter/conntrack/index.js'
export { Monitor } from './rtnetlink/monitor/index.js'
export type {
  MonitorEvent,
  MonitorOptions,
  MonitoredObject,
  MonitoredObjects
} from './rtnetlink/monitor/index.js'
export type { LinkObject, LinkRef } from './rtnetlink/link-ref.js'
export type {
  Address,
  Addresses,
  AddressFilter,
  AddressFlag,
  AddressKey,
  AddressSpec,
  LinkAddressSpec
} from './rtnetlink/address/index.js'
export type {
  AddLinkOptions,
  BatchLinkSpec,
  Link,
  LinkChange,
  LinkFilter,
  LinkKindName,
  LinkProperties,
  LinkSettings,
  LinkSpec,
  LinkStatistics,
  Links,
  NamespaceTarget,
  OpenTun,
  PeerSpec,
  PhysicalLink,
  ReadLinkOptions,
  TunLink,
  TunSpec,
  UnknownKindLink,
  UnknownKindSpec
} from './rtnetlink/link/index.js'
export type {
  Neighbor,
  NeighborCacheInfo,
  NeighborFilter,
  NeighborFlag,
  NeighborKey,
  Neighbors,
  NeighborSpec,
  NeighborState
} from './rtnetlink/neighbor/index.js'
export type { Range, Rule, RuleFilter, Rules, RuleSpec } from './rtnetlink/rule/index.js'
export type {
  Encapsulation,
  EncapsulationSpec,
  PackedFamily,
  PackedInet6Routes,
  PackedInet6RoutesSpec,
  PackedInetRoutes,
  PackedInetRoutesSpec,
  PackedRouteFilter,
  PackedRoutes,
  PackedRoutesOf,
  PackedRoutesSpec,
  Realms,
  Route,
  RouteCacheInfo,
  RouteFamily,
  RouteFilter,
  RouteLookup,
  RouteMetrics,
  RouteMetricsSpec,
  RouteNextHop,
  RouteNextHopSpec,
  RouteSpec,
  Routes,
  Via
} from './rtnetlink/route/index.js'
export { BulkError } from './netlink/bulk/index.js'
export type {
  AddManyOptions,
  AddNewOptions,
  BulkFailure,
  BulkOptions,
  BulkProgress,
  BulkResult,
  DeleteManyOptions,
  Inputs
} from './netlink/bulk/index.js'
export type {
  NextHop,
  NextHopFilter,
  NextHopGroupMember,
  NextHopGroupMemberSpec,
  NextHopRef,
  NextHops,
  NextHopSpec,
  ResilientGroup,
  ResilientGroupSpec
} from './rtnetlink/nexthop/index.js'
export type {
  Bridge,
  BridgeVlan,
  BridgeVlanChange,
  BridgeVlanFilter,
  BridgeVlanFlag,
  BridgeVlanKey,
  BridgeVlanOptions,
  BridgeVlanSpec,
  BridgeVlanState,
  BridgeVlanStatistics,
  FdbActivity,
  FdbEntry,
  FdbFilter,
  FdbKey,
  FdbSpec,
  FdbState
} from './rtnetlink/bridge/index.js'
export * from './netfilter/nftables/index.js'
export * as nft from './netfilter/nftables/statements.js'
