export type { Address, AddressSpec } from './address.js'
export { Addresses } from './addresses.js'
export type { AddressFilter } from './addresses.js'
export { addressOperations } from './operations.js'
