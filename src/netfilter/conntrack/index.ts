export { Conntrack } from './conntrack.js'
export type { ReadConnectionOptions } from './conntrack.js'
export type { ExactDirection, ExactFilter } from './delete-matching.js'
export { connectionDump } from './dump.js'
export { connectionOperations } from './operations.js'
export { readConnection } from './connection.js'
export type {
  Connection,
  ConnectionChange,
  ConnectionCounters,
  ConnectionKey,
  ConnectionSettings,
  ConnectionSpec
} from './connection.js'
export type { ByDirection } from './direction.js'
export type { ConnectionFilter } from './filter.js'
export type { TupleFilter } from './tuple-filter.js'
export type { NatSpec } from './nat.js'
export type { ConntrackProtocol } from './protocol.js'
export type { DccpInfo, SctpInfo, TcpInfo, TcpState } from './protocol-info.js'
export type { ConntrackProcessorStatistics, ConntrackStatistics } from './statistics.js'
export type { ConnectionStatus } from './status.js'
export type { IcmpQuery, Tuple, TupleSpec } from './tuple.js'
export { Expectations, expectationDump, expectationOperations } from './expectation/index.js'
export type {
  Expectation,
  ExpectationFilter,
  ExpectationKey,
  ExpectationSpec,
  ExpectationStatistics
} from './expectation/index.js'
export { ConntrackMonitor } from './monitor/index.js'
export type {
  ConntrackEvent,
  ConntrackMonitorOptions,
  ConntrackObject,
  ConntrackObjects
} from './monitor/index.js'
