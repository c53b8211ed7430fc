import { BlockList, isIP, isIPv6 } from 'node:net'
import type { PoolOptions } from '../../container/model/network.js'

/** What `network create` was told of its subnets, as Docker has it: in any order. */
export interface PoolWords {
  readonly subnet?: readonly string[] | undefined
  readonly ipRange?: readonly string[] | undefined
  readonly gateway?: readonly string[] | undefined
  readonly auxAddress?: readonly string[] | undefined
}

interface OpenPool {
  subnet: string
  range?: string
  gateway?: string
  auxiliaryAddresses?: Record<string, string>
}

/**
 * Puts ranges, gateways and auxiliary addresses to the subnets that they lie in, as `docker network create` does.
 * Whether a subnet can be right is for the library to say. Throws an `Error` for what belongs nowhere.
 */
export function poolsOf(words: PoolWords): PoolOptions[] | undefined {
  const pools = (words.subnet ?? []).map((subnet): OpenPool => ({ subnet }))
  for (const range of words.ipRange ?? []) {
    const pool = poolWith(pools, range, '--ip-range')
    if (pool.range !== undefined)
      throw new Error(`subnet ${pool.subnet} has two ranges: ${pool.range} and ${range}`)
    pool.range = range
  }
  for (const gateway of words.gateway ?? []) {
    const pool = poolWith(pools, gateway, '--gateway')
    if (pool.gateway !== undefined) {
      throw new Error(`subnet ${pool.subnet} has two gateways: ${pool.gateway} and ${gateway}`)
    }
    pool.gateway = gateway
  }
  for (const auxiliary of words.auxAddress ?? []) {
    const [, name, address] = /^([^=]+)=(.+)$/.exec(auxiliary) ?? []
    if (name === undefined || address === undefined)
      throw new Error(`--aux-address ${auxiliary} must be NAME=ADDRESS`)
    const pool = poolWith(pools, address, '--aux-address')
    const others = (pool.auxiliaryAddresses ??= {})
    if (Object.hasOwn(others, name)) throw new Error(`subnet ${pool.subnet} has two addresses named ${name}`)
    others[name] = address
  }
  return pools.length === 0 ? undefined : pools
}

function poolWith(pools: readonly OpenPool[], address: string, option: string): OpenPool {
  const pool = pools.find(({ subnet }) => contains(subnet, address))
  if (pool === undefined) throw new Error(`${option} ${address} lies in no --subnet`)
  return pool
}

function contains(subnet: string, address: string): boolean {
  const [base = '', length = ''] = subnet.split('/')
  const [ip = ''] = address.split('/')
  const family = isIPv6(base) ? 'ipv6' : 'ipv4'
  const largest = family === 'ipv6' ? 128 : 32
  if (
    isIP(base) === 0 ||
    isIP(base) !== isIP(ip) ||
    !/^[0-9]{1,3}$/.test(length) ||
    Number(length) > largest
  ) {
    return false
  }
  const list = new BlockList()
  list.addSubnet(base, Number(length), family)
  return list.check(ip, family)
}
