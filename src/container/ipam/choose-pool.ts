import {
  InvalidType,
  invalidRange,
  invalidValue,
  refuseOtherKeys,
  requireObject,
  within
} from '../../codec/index.js'
import { NetloomError } from '../../netlink/index.js'
import { formatAddress, parseAddress } from '../model/ip-address.js'
import type { Family } from '../model/ip-address.js'
import type { Pool, PoolOptions } from '../model/network.js'
import type { PoolRequest, UsedSubnet } from './address-manager.js'
import type { BasePool } from './default-pools.js'
import {
  contains,
  formatSubnet,
  interfaceAddresses,
  overlaps,
  parseSubnet,
  subnetAt,
  subnetOf
} from './subnet.js'
import type { Subnet } from './subnet.js'

/** No network can have them: this network, loopback, multicast and reserved addresses (RFC 6890). */
const specialSubnets = ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/3', '::/127', 'ff00::/8'].map(parseSubnet)

/** Makes a pool of what was asked for, with the subnet that was given, or the next of the default pools that is free. */
export function choosePool(request: PoolRequest, defaults: () => readonly BasePool[]): Pool {
  const { family, options } = request
  requireObject(options, 'a pool such as { subnet: "10.88.0.0/16" }')
  refuseOtherKeys(options, ['subnet', 'range', 'gateway', 'auxiliaryAddresses'], 'pool')
  const subnet =
    options.subnet === undefined ? nextSubnet(request, defaults()) : givenSubnet(options.subnet, request)
  const range = options.range === undefined ? undefined : checkRange(options.range, subnet)
  const auxiliary = checkAuxiliary(options.auxiliaryAddresses ?? {}, subnet)
  const gateway = chooseGateway(request, subnet, range ?? subnet, Object.values(auxiliary))
  return {
    family,
    subnet: formatSubnet(subnet),
    ...(range === undefined ? {} : { range: formatSubnet(range) }),
    ...(gateway === undefined ? {} : { gateway }),
    ...(options.auxiliaryAddresses === undefined ? {} : { auxiliaryAddresses: auxiliary })
  }
}

function givenSubnet(text: string, { family, used }: PoolRequest): Subnet {
  const subnet = within('subnet', () => {
    const subnet = parseSubnet(text)
    checkFamily(text, subnet.family, family)
    const special = specialSubnets.find((other) => overlaps(other, subnet))
    if (special !== undefined) invalidValue(text, `a subnet outside ${formatSubnet(special)}`)
    return subnet
  })
  for (const { subnet: other, by } of used) {
    if (!overlaps(subnetOf(other), subnet)) continue
    throw new NetloomError('ERR_SUBNET_IN_USE', `the subnet ${text} overlaps ${other} of ${by}`)
  }
  return subnet
}

/** The first subnet of the default pools that overlaps none that is used. */
function nextSubnet(request: PoolRequest, defaults: readonly BasePool[]): Subnet {
  for (const key of ['range', 'gateway', 'auxiliaryAddresses'] as const) {
    if (request.options[key] === undefined) continue
    throw new InvalidType(undefined, `given with a ${key}`, 'ERR_MISSING_FIELD').within('subnet')
  }
  const used = inOrder(request.used, request.family)
  for (const pool of defaults) {
    const subnet = firstFree(pool, used)
    if (subnet !== undefined) return subnet
  }
  const pools = defaults.map(({ base, size }) => `${formatSubnet(base)} in /${size}`).join(', ')
  throw new NetloomError(
    'ERR_POOL_EXHAUSTED',
    `no subnet is left of the default pools (${pools}): all overlap networks, or subnets of the host`
  )
}

function inOrder(used: readonly UsedSubnet[], family: Family): Subnet[] {
  return used
    .map(({ subnet }) => subnetOf(subnet))
    .filter((subnet) => subnet.family === family)
    .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))
}

function firstFree({ base, size }: BasePool, used: readonly Subnet[]): Subnet | undefined {
  let candidate = subnetAt(base.family, base.first, size)
  for (const other of used) {
    if (other.first > candidate.last) break
    if (other.last < candidate.first) continue
    // The next one that begins after it.
    candidate = subnetAt(base.family, other.last, size)
    candidate = subnetAt(base.family, candidate.last + 1n, size)
  }
  return candidate.last <= base.last ? candidate : undefined
}

function checkRange(text: string, subnet: Subnet): Subnet {
  return within('range', () => {
    const range = parseSubnet(text)
    if (!overlaps(range, subnet) || range.length < subnet.length) {
      invalidRange(text, `a part of the subnet ${formatSubnet(subnet)}`)
    }
    return range
  })
}

function checkAuxiliary(
  addresses: NonNullable<PoolOptions['auxiliaryAddresses']>,
  subnet: Subnet
): Record<string, string> {
  return within('auxiliaryAddresses', () => {
    requireObject(addresses, 'an object such as { router: "10.88.0.5" }')
    const checked: Record<string, string> = {}
    for (const [name, address] of Object.entries(addresses)) {
      checked[name] = within(name, () => checkAddress(address, subnet))
    }
    return checked
  })
}

/** The gateway that was given, or the first address of the range that serves. */
function chooseGateway(
  { options, gateway: needed }: PoolRequest,
  subnet: Subnet,
  range: Subnet,
  auxiliary: readonly string[]
): string | undefined {
  if (options.gateway !== undefined) {
    return within('gateway', () => {
      const gateway = checkAddress(options.gateway, subnet)
      if (auxiliary.includes(gateway)) invalidValue(options.gateway, 'none of the auxiliary addresses')
      return gateway
    })
  }
  if (!needed) return undefined
  const { first, last } = interfaceAddresses(subnet)
  for (let value = first > range.first ? first : range.first; value <= last && value <= range.last; value++) {
    const gateway = formatAddress({ family: subnet.family, value })
    if (!auxiliary.includes(gateway)) return gateway
  }
  throw new NetloomError('ERR_POOL_EXHAUSTED', `no address of ${formatSubnet(range)} is left for the gateway`)
}

/** Refuses what no interface of a subnet can have. Gives its canonical text. */
export function checkAddress(text: unknown, subnet: Subnet): string {
  const address = parseAddress(text)
  if (!contains(subnet, address)) invalidRange(text, `an address of the subnet ${formatSubnet(subnet)}`)
  const { first, last } = interfaceAddresses(subnet)
  if (address.value < first || address.value > last) {
    const special = address.value < first ? 'the first' : 'the broadcast address'
    invalidRange(text, `an address of the subnet ${formatSubnet(subnet)} other than ${special}`)
  }
  return formatAddress(address)
}

function checkFamily(text: string, actual: Family, expected: Family): void {
  if (actual !== expected) invalidValue(text, expected === 'inet' ? 'an IPv4 subnet' : 'an IPv6 subnet')
}
