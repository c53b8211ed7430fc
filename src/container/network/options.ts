import {
  InvalidType,
  familyOf,
  invalidType,
  invalidValue,
  refuseOtherKeys,
  requireObject,
  within
} from '../../codec/index.js'
import { checkBoolean } from '../../namespace/options.js'
import type { NetworkDriver } from '../drivers/driver.js'
import type { Family } from '../model/ip-address.js'
import type { NetworkOptions, PoolOptions } from '../model/network.js'
import { checkStringMap } from '../model/string-map.js'
import { checkName } from '../state/index.js'

const keys: readonly (keyof NetworkOptions)[] = [
  'name',
  'driver',
  'ipv4',
  'ipv6',
  'pools',
  'addressManager',
  'internal',
  'defaultRoute',
  'routes',
  'labels',
  'bridge',
  'macvlan',
  'ipvlan',
  'options'
]

/** Refuses options of a network that can't be right, apart from those that its driver and its address manager look at. */
export function checkNetworkOptions(options: unknown): asserts options is NetworkOptions {
  requireObject(options, 'an object such as { name: "web" }')
  refuseOtherKeys(options, keys)
  const { name, driver, addressManager, pools } = options as Partial<Record<keyof NetworkOptions, unknown>>
  if (name === undefined)
    throw new InvalidType(name, 'the name of the network', 'ERR_MISSING_FIELD').within('name')
  within('name', () => checkName(name))
  for (const [key, value] of Object.entries({ driver, addressManager })) {
    if (value !== undefined && typeof value !== 'string') within(key, () => invalidType(value, 'a name'))
  }
  for (const key of ['ipv4', 'ipv6', 'internal', 'defaultRoute'] as const) {
    checkBoolean((options as Partial<NetworkOptions>)[key], key)
  }
  for (const key of ['labels', 'options'] as const)
    checkStringMap((options as Partial<NetworkOptions>)[key], key)
  if (pools !== undefined) within('pools', () => checkPools(pools))
}

function checkPools(pools: unknown): void {
  if (!Array.isArray(pools)) invalidType(pools, 'an array such as [{ subnet: "10.88.0.0/16" }]')
  for (const [index, pool] of (pools as unknown[]).entries()) {
    within(index, () => requireObject(pool, 'a pool such as { subnet: "10.88.0.0/16" }'))
  }
}

/** A pool that a network is to have, with its place among those that were given. */
export interface WantedPool {
  readonly family: Family
  readonly options: PoolOptions
  readonly index?: number
}

/** The families that a network has, and the pools that it is to have of them. */
export function wantedPools(
  options: NetworkOptions,
  { name, capabilities }: NetworkDriver
): { readonly ipv4: boolean; readonly ipv6: boolean; readonly pools: readonly WantedPool[] } {
  const { ipv4, ipv6, pools: given = [] } = options
  if (!capabilities.addresses) {
    if (given.length > 0)
      within('pools', () => invalidValue(given, `absent: a network of ${name} has no addresses`))
    for (const [key, value] of Object.entries({ ipv4, ipv6 })) {
      if (value === true)
        within(key, () => invalidValue(value, `false: a network of ${name} has no addresses`))
    }
    return { ipv4: false, ipv6: false, pools: [] }
  }
  const pools = given.map((pool, index) => ({ family: familyOfPool(pool), options: pool, index }))
  const families = {
    inet: ipv4 ?? true,
    inet6: ipv6 ?? pools.some(({ family }) => family === 'inet6')
  }
  if (!families.inet && !families.inet6) within('ipv6', () => invalidValue(ipv6, 'true where ipv4 is false'))
  for (const { family, index } of pools) {
    if (families[family]) continue
    const expected = family === 'inet' ? 'of IPv6: ipv4 is false' : 'of IPv4: ipv6 is false'
    within('pools', () => within(index, () => invalidValue(given[index]?.subnet, expected)))
  }
  const missing = (['inet', 'inet6'] as const).filter(
    (family) => families[family] && !pools.some((pool) => pool.family === family)
  )
  return {
    ipv4: families.inet,
    ipv6: families.inet6,
    pools: [...pools, ...missing.map((family) => ({ family, options: {} }))]
  }
}

/** By what is given of it; IPv4 where that says nothing. */
function familyOfPool({ subnet, range, gateway }: PoolOptions): Family {
  const text: unknown = subnet ?? range ?? gateway
  return typeof text === 'string' ? familyOf(text) : 'inet'
}
