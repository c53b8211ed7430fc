import type { Pool, PoolOptions } from '../model/network.js'
import type { ReadTransaction, WriteTransaction } from '../state/store.js'

/** A pool to be chosen or checked. */
export interface PoolRequest {
  readonly family: 'inet' | 'inet6'
  readonly options: PoolOptions
  /** Subnets that must not be overlapped: those of other networks, and what the host's routes and addresses use. */
  readonly used: readonly string[]
  /** Whether the network needs a gateway. */
  readonly gateway: boolean
}

/**
 * Gives out subnets and addresses. It keeps what it has to know in the store, in the transaction of the record that
 * needs the address: both are there, or neither, whatever happens. All methods are synchronous.
 */
export interface AddressManager {
  readonly name: string
  /** Chooses a subnet, or checks the one that was asked for. Throws a `ContainerError` if it is used, or none is free. */
  choosePool(transaction: ReadTransaction, request: PoolRequest): Pool
  /**
   * Takes an address of one of the pools for `owner`, the one asked for or the next free one. Throws if it is used, out of
   * range, or none is left. Asked for again by the same owner, it gives the same.
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
