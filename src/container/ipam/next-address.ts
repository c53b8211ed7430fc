import { formatAddress, parseAddress } from '../model/ip-address.js'
import type { Family } from '../model/ip-address.js'
import type { Pool } from '../model/network.js'
import { keys } from '../state/keys.js'
import { NumberSet } from '../state/number-set.js'
import type { WriteTransaction } from '../state/store.js'
import { interfaceAddresses, parseSubnet } from './subnet.js'
import type { AddressRange } from './subnet.js'

/** The addresses of a network that are taken. */
export function takenAddresses(transaction: WriteTransaction, networkId: string, family: Family): NumberSet {
  return new NumberSet(transaction, keys.addressSet(networkId, family))
}

/**
 * The next free address of a pool after the one that was given out last, and if there is none the first from the
 * beginning. Remembers it as the last one.
 */
export function nextAddress(
  transaction: WriteTransaction,
  networkId: string,
  pool: Pool
): string | undefined {
  const { family } = pool
  const taken = takenAddresses(transaction, networkId, family)
  const reserved = reservedAddresses(pool)
  const { first, last } = givenOut(pool)
  const cursor = transaction.get<string>(keys.addressCursor(networkId, pool.subnet))
  const start = cursor === undefined ? first : parseAddress(cursor).value + 1n
  const value = nextFree(taken, reserved, start, last) ?? nextFree(taken, reserved, first, start - 1n)
  if (value === undefined) return undefined
  const address = formatAddress({ family, value })
  transaction.put(keys.addressCursor(networkId, pool.subnet), address)
  return address
}

/** What nobody gets, and what it is: the gateway and the auxiliary addresses. */
export function reservedAddresses(pool: Pool): ReadonlyMap<bigint, string> {
  const reserved = new Map<bigint, string>()
  for (const [name, address] of Object.entries(pool.auxiliaryAddresses ?? {})) {
    reserved.set(parseAddress(address).value, `the auxiliary address ${JSON.stringify(name)}`)
  }
  if (pool.gateway !== undefined) reserved.set(parseAddress(pool.gateway).value, 'the gateway')
  return reserved
}

/** From where to where addresses are given out that nobody asked for. */
function givenOut({ subnet, range }: Pool): AddressRange {
  const inside = interfaceAddresses(parseSubnet(subnet))
  if (range === undefined) return inside
  const { first, last } = parseSubnet(range)
  return {
    first: first > inside.first ? first : inside.first,
    last: last < inside.last ? last : inside.last
  }
}

function nextFree(
  taken: NumberSet,
  reserved: ReadonlyMap<bigint, string>,
  from: bigint,
  to: bigint
): bigint | undefined {
  for (let start = from; ;) {
    const value = taken.nextAbsent(start, to)
    if (value === undefined || !reserved.has(value)) return value
    start = value + 1n
  }
}
