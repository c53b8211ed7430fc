/** Network namespaces: making, opening and entering them, and what can be done inside. */
export type {
  RawSocketOptions,
  OpenSocketOptions,
  TcpSocketOptions,
  UdpSocketOptions
} from './inet-socket.js'
export type { NamespaceEntry } from './list.js'
export {
  type CreateNamespaceOptions,
  type NamespaceIdOptions,
  type NamespaceReference,
  NetworkNamespace
} from './network-namespace.js'
export { NamespaceProcess, type ProcessEvents, type ProcessExit } from './process.js'
export type { ProcessStdio, SpawnOptions } from './process-options.js'
export type { SynchronousFunction } from './run-sync.js'
export { Sysctl } from './sysctl.js'
export type { SysctlInput, SysctlKey, SysctlValue } from './sysctl-key.js'
