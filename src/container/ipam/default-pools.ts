import { randomBytes } from 'node:crypto'
import { invalidRange, invalidType, refuseOtherKeys, requireObject, within } from '../../codec/index.js'
import { addressBits } from '../model/ip-address.js'
import type { Family } from '../model/ip-address.js'
import { keys } from '../state/keys.js'
import type { WriteTransaction } from '../state/store.js'
import { formatSubnet, parseSubnet, subnetAt } from './subnet.js'
import type { Subnet } from './subnet.js'

/** Subnets for networks that ask for none: all of one size that `base` has room for, in order. */
export interface DefaultPool {
  /** `'172.17.0.0/16'` */
  readonly base: string
  /** The length of their prefixes. */
  readonly size: number
}

/** A default pool that was checked. */
export interface BasePool {
  readonly base: Subnet
  readonly size: number
}

/** As Docker Engine has them: `default-address-pools` of dockerd(8). */
const dockerPools: readonly DefaultPool[] = [
  { base: '172.17.0.0/16', size: 16 },
  { base: '172.18.0.0/16', size: 16 },
  { base: '172.19.0.0/16', size: 16 },
  { base: '172.20.0.0/14', size: 16 },
  { base: '172.24.0.0/14', size: 16 },
  { base: '172.28.0.0/14', size: 16 },
  { base: '192.168.0.0/16', size: 20 }
]

/** Checks the default pools that were given; those that are not given of a family are Docker's. */
export function basePools(pools: readonly DefaultPool[] = []): readonly BasePool[] {
  if (!Array.isArray(pools)) invalidType(pools, 'an array of default pools')
  const given = pools.map((pool: DefaultPool, index) => within(index, () => basePool(pool)))
  const hasInet = given.some(({ base }) => base.family === 'inet')
  return hasInet ? given : [...given, ...dockerPools.map(basePool)]
}

/**
 * The /48 that IPv6 subnets of 64 bits come from where no default pool is IPv6: unique local (RFC 4193), random, and
 * the same for good once it was needed.
 */
export function uniqueLocalPool(transaction: WriteTransaction): BasePool {
  const kept = transaction.get<string>(keys.uniqueLocalPrefix)
  if (kept !== undefined) return { base: parseSubnet(kept), size: 64 }
  const prefix = BigInt(`0xfd${randomBytes(5).toString('hex')}`)
  const base = subnetAt('inet6', prefix << 80n, 48)
  transaction.put(keys.uniqueLocalPrefix, formatSubnet(base))
  return { base, size: 64 }
}

/** The pools of a family. */
export function poolsOf(
  transaction: WriteTransaction,
  pools: readonly BasePool[],
  family: Family
): readonly BasePool[] {
  const found = pools.filter(({ base }) => base.family === family)
  return found.length === 0 && family === 'inet6' ? [uniqueLocalPool(transaction)] : found
}

function basePool(pool: DefaultPool): BasePool {
  requireObject(pool, 'a default pool such as { base: "172.17.0.0/16", size: 24 }')
  refuseOtherKeys(pool, ['base', 'size'], 'default pool')
  const base = within('base', () => parseSubnet(pool.base))
  within('size', () => {
    const max = addressBits[base.family]
    const expected = `a prefix length from ${base.length} to ${max}`
    if (typeof pool.size !== 'number') invalidType(pool.size, expected)
    if (!Number.isInteger(pool.size) || pool.size < base.length || pool.size > max)
      invalidRange(pool.size, expected)
  })
  return { base, size: pool.size }
}
