export type { BridgeVlanFilter } from './dump.js'
export { bridgeVlanOperations } from './operations.js'
export type {
  BridgeVlan,
  BridgeVlanChange,
  BridgeVlanKey,
  BridgeVlanOptions,
  BridgeVlanSpec,
  BridgeVlanState,
  BridgeVlanStatistics
} from './vlan.js'
export type { BridgeVlanFlag } from './schema.js'
export { BridgeVlans } from './vlans.js'
