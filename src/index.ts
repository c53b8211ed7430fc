export { NetworkStack } from './network-stack.js'
export type { NetworkStackOptions } from './network-stack.js'
export type { Address, AddressFilter, AddressSpec } from './rtnetlink/address/index.js'
export type {
  Neighbor,
  NeighborCacheInfo,
  NeighborFilter,
  NeighborFlag,
  NeighborKey,
  NeighborSpec,
  NeighborState
} from './rtnetlink/neighbor/index.js'
