export type { BridgeVlanFilter } from './dump.js'
export { bridgeVlanOperations } from './operations.js'
export type {
  BridgeVlan,
  BridgeVlanChange,
  BridgeVlanFlag,
  BridgeVlanKey,
  BridgeVlanOptions,
  BridgeVlanSpec,
  BridgeVlanState,
  BridgeVlanStatistics
} from './vlan.js'
export { BridgeVlans } from './vlans.js'
