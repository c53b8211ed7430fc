import { invalidRange, within } from '../../codec/index.js'
import { NetloomError } from '../../netlink/index.js'
import { formatAddress, parseAddress } from '../model/ip-address.js'
import type { Pool } from '../model/network.js'
import { describeOwner } from '../state/endpoint-records.js'
import { shortId } from '../state/ids.js'
import { deleteAll, keys, lastPart } from '../state/keys.js'
import { getNetwork } from '../state/network-records.js'
import type { ReadTransaction, WriteTransaction } from '../state/store.js'
import type { AddressManager, PoolRequest } from './address-manager.js'
import { checkAddress, choosePool } from './choose-pool.js'
import { basePools, poolsOf } from './default-pools.js'
import type { BasePool, DefaultPool } from './default-pools.js'
import { nextAddress, reservedAddresses, takenAddresses } from './next-address.js'
import { contains, parseSubnet } from './subnet.js'

export interface DefaultAddressManagerOptions {
  /** Where subnets come from that nobody asked for. Those of a family replace the default ones of that family. */
  readonly pools?: readonly DefaultPool[] | undefined
}

/**
 * The address manager of networks that name no other. Addresses are given out in order: one that was released comes
 * again only once the end of the range was reached. Taking and releasing one costs the same however many are taken.
 */
export class DefaultAddressManager implements AddressManager {
  readonly name = 'default'
  readonly #pools: readonly BasePool[]

  constructor(options: DefaultAddressManagerOptions = {}) {
    this.#pools = within('defaultPools', () => basePools(options.pools))
  }

  choosePool(transaction: WriteTransaction, request: PoolRequest): Pool {
    return choosePool(request, () => poolsOf(transaction, this.#pools, request.family))
  }

  takeAddress(
    transaction: WriteTransaction,
    networkId: string,
    pools: readonly Pool[],
    owner: string,
    requested?: string
  ): string {
    if (requested !== undefined) return this.#takeRequested(transaction, networkId, pools, owner, requested)
    for (const pool of pools) {
      const held = transaction.get<string>(keys.addressOwner(networkId, owner, pool.family))
      if (held !== undefined) return held
      const address = nextAddress(transaction, networkId, pool)
      if (address !== undefined) return this.#put(transaction, networkId, owner, address)
    }
    const where = pools.map(({ subnet, range }) => range ?? subnet).join(', ')
    const network = nameOf(transaction, networkId)
    throw new NetloomError('ERR_POOL_EXHAUSTED', `no address is left of ${where} of network ${network}`)
  }

  releaseAddress(transaction: WriteTransaction, networkId: string, address: string): void {
    const parsed = parseAddress(address)
    const key = keys.address(networkId, formatAddress(parsed))
    const owner = transaction.get<string>(key)
    if (owner === undefined) return
    transaction.delete(key)
    transaction.delete(keys.addressOwner(networkId, owner, parsed.family))
    const taken = takenAddresses(transaction, networkId, parsed.family)
    taken.delete(parsed.value)
    taken.save()
  }

  releaseNetwork(transaction: WriteTransaction, networkId: string): void {
    for (const prefix of [keys.addresses, keys.addressOwners, keys.addressCursors, keys.addressSets]) {
      deleteAll(transaction, prefix(networkId))
    }
  }

  listAddresses(transaction: ReadTransaction, networkId: string): ReadonlyMap<string, string> {
    const found = transaction.list<string>(keys.addresses(networkId))
    return new Map([...found].map(([key, owner]) => [lastPart(key), owner]))
  }

  #takeRequested(
    transaction: WriteTransaction,
    networkId: string,
    pools: readonly Pool[],
    owner: string,
    requested: string
  ): string {
    const address = checkRequested(pools, requested)
    const holder = transaction.get<string>(keys.address(networkId, address))
    if (holder === owner) return address
    const held = transaction.get<string>(keys.addressOwner(networkId, owner, parseAddress(address).family))
    const reason =
      holder !== undefined
        ? `is taken by ${describeOwner(transaction, holder)}`
        : held !== undefined
          ? `can't be given to ${describeOwner(transaction, owner)}, which has ${held}`
          : reservation(pools, address)
    if (reason === undefined) return this.#put(transaction, networkId, owner, address)
    const network = nameOf(transaction, networkId)
    throw new NetloomError('ERR_ADDRESS_IN_USE', `the address ${address} of network ${network} ${reason}`)
  }

  #put(transaction: WriteTransaction, networkId: string, owner: string, address: string): string {
    const { family, value } = parseAddress(address)
    transaction.put(keys.address(networkId, address), owner)
    transaction.put(keys.addressOwner(networkId, owner, family), address)
    const taken = takenAddresses(transaction, networkId, family)
    taken.add(value)
    taken.save()
    return address
  }
}

/** Refuses what no pool has. Gives its canonical text. */
function checkRequested(pools: readonly Pool[], requested: string): string {
  const address = parseAddress(requested)
  const subnets = pools.map(({ subnet }) => parseSubnet(subnet))
  const subnet = subnets.find((subnet) => contains(subnet, address))
  if (subnet !== undefined) return checkAddress(requested, subnet)
  const where = pools.map(({ subnet }) => subnet).join(', ')
  return invalidRange(requested, `an address of the network's subnet, ${where}`)
}

function reservation(pools: readonly Pool[], address: string): string | undefined {
  const { family, value } = parseAddress(address)
  for (const pool of pools) {
    const use = pool.family === family ? reservedAddresses(pool).get(value) : undefined
    if (use !== undefined) return `is ${use}`
  }
  return undefined
}

function nameOf(transaction: ReadTransaction, networkId: string): string {
  return getNetwork(transaction, networkId)?.name ?? shortId(networkId)
}
