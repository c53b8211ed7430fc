import type { Family } from '../model/ip-address.js'
import type { Pool, PoolOptions } from '../model/network.js'
import type { ReadTransaction, WriteTransaction } from '../state/store.js'

/** A subnet that must not be overlapped. */
export interface UsedSubnet {
  readonly subnet: string
  /** Whose it is, for the error: `'network web'`, `'link eth0'`. */
  readonly by: string
}

/** A pool to be chosen or checked. */
export interface PoolRequest {
  readonly family: Family
  readonly options: PoolOptions
  /** Those of other networks, and what the host's routes and addresses use (`hostSubnets`). Both families. */
  readonly used: readonly UsedSubnet[]
  /** Whether the network needs a gateway. */
  readonly gateway: boolean
}

/**
 * Gives out subnets and addresses. It keeps what it has to know in the store, in the transaction of the record that
 * needs the address: both are there, or neither, whatever happens. All methods are synchronous.
 */
export interface AddressManager {
  readonly name: string
  /**
   * Chooses a subnet, or checks the one that was asked for. Throws a `TypeError` or `RangeError` with the path of the
   * option, `ERR_SUBNET_IN_USE` if it is used, and `ERR_POOL_EXHAUSTED` if none is free.
   */
  choosePool(transaction: WriteTransaction, request: PoolRequest): Pool
  /**
   * Takes an address of one of the pools, which are of one family, for `owner`: the one asked for or the next free one.
   * Throws a `RangeError` if it is in none of the subnets, `ERR_ADDRESS_IN_USE` if it is taken or reserved, and
   * `ERR_POOL_EXHAUSTED` if none is left. Asked for again by the same owner, it gives the same.
   */
  takeAddress(
    transaction: WriteTransaction,
    networkId: string,
    pools: readonly Pool[],
    owner: string,
    requested?: string
  ): string
  releaseAddress(transaction: WriteTransaction, networkId: string, address: string): void
  /** Everything of a network. */
  releaseNetwork(transaction: WriteTransaction, networkId: string): void
  /** Addresses that are taken, with their owners. */
  listAddresses(transaction: ReadTransaction, networkId: string): ReadonlyMap<string, string>
}
