/** Container networks: sandboxes, the networks that they are connected to, and the endpoints by which they are. */
export { ContainerNetworks } from './container-networks.js'
export type { ContainerNetworksOptions } from './engine/options.js'
export type { Endpoint } from './endpoint/endpoint.js'
export { Network } from './network/network.js'
export type { NetworkEndpoint, NetworkInspection, Networks } from './network/networks.js'
export { Sandbox } from './sandbox/sandbox.js'
export type { Sandboxes } from './sandbox/sandboxes.js'
export type { SandboxFilePaths } from './naming/sandbox-files.js'
export type { ReconciledObject, ReconcileReport } from './reconcile/report.js'
export type { EndpointOptions, EndpointPhase, EndpointRecord } from './model/endpoint.js'
export type {
  NetworkOptions,
  NetworkRecord,
  NetworkRoute,
  Phase,
  Pool,
  PoolOptions,
  ProcessIdentity
} from './model/network.js'
export type { SandboxDnsOptions, SandboxOptions } from './model/sandbox.js'
export type { BridgeNetworkOptions } from './drivers/bridge/options.js'
export type { IpvlanNetworkOptions } from './drivers/ipvlan/options.js'
export type { MacvlanNetworkOptions } from './drivers/macvlan/options.js'
export type {
  DriverCapabilities,
  EndpointFacts,
  EndpointPlan,
  Host,
  Inside,
  NetworkDriver
} from './drivers/index.js'
export type { Firewall, FirewallNetwork, PublishedPort } from './firewall/index.js'
export type { AddressManager, DefaultPool, PoolRequest, UsedSubnet } from './ipam/index.js'
export type { PortBinding, PortOptions, PortProtocol } from './ports/index.js'
export type { Key, ReadTransaction, WriteTransaction } from './state/index.js'
