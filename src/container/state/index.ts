/** What is known of networks, sandboxes and endpoints, and where it is kept. */
export {
  deleteEndpoint,
  describeOwner,
  findEndpoint,
  getEndpoint,
  listEndpoints,
  listEndpointsOfNetwork,
  listEndpointsOfSandbox,
  putEndpoint
} from './endpoint-records.js'
export { checkName, randomId, shortId } from './ids.js'
export { deleteAll, keys } from './keys.js'
export { LmdbStore, schemaVersion } from './lmdb-store.js'
export { MemoryStore } from './memory-store.js'
export { deleteNetwork, findNetwork, getNetwork, listNetworks, putNetwork } from './network-records.js'
export { NumberSet } from './number-set.js'
export { claimRole, releaseRole, roleOwner } from './ownership.js'
export type { Role } from './ownership.js'
export { currentBoot, currentProcess, isAlive, isSameProcess } from './process-identity.js'
export { deleteSandbox, findSandbox, getSandbox, listSandboxes, putSandbox } from './sandbox-records.js'
export type { Key, ReadTransaction, Store, WriteOptions, WriteTransaction } from './store.js'
