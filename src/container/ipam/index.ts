/** Subnets and addresses: who has which. */
export type { AddressManager, PoolRequest, UsedSubnet } from './address-manager.js'
export { DefaultAddressManager } from './default-address-manager.js'
export type { DefaultAddressManagerOptions } from './default-address-manager.js'
export type { DefaultPool } from './default-pools.js'
export { hostSubnets } from './host-subnets.js'
export type { HostSubnetsOptions } from './host-subnets.js'
