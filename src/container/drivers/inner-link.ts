import type { SysctlInput, SysctlKey } from '../../namespace/index.js'
import type { AddressSpec } from '../../rtnetlink/address/index.js'
import type { Link } from '../../rtnetlink/link/index.js'
import { commit } from './commit.js'
import type { EndpointPlan, Inside } from './driver.js'
import { enableIpv6 } from './enable-ipv6.js'
import { join } from '../errors/join.js'
import { withLength } from './pool-of.js'
import { untilDelivered } from './until-delivered.js'

/** Where core has chosen no name. */
const usualName = 'eth0'

/** What the end inside is called. */
export function innerName({ endpoint }: EndpointPlan): string {
  return endpoint.interfaceName ?? usualName
}

/** The addresses that the end inside has. Nobody waits for duplicate address detection: they are given out once. */
export function innerAddresses({ network, endpoint }: EndpointPlan): AddressSpec[] {
  const pooled = [endpoint.address, endpoint.address6].filter((address) => address !== undefined)
  return [
    ...pooled.map((address) => addressSpec(withLength(network.pools, address))),
    // As wide as Docker makes them.
    ...endpoint.linkLocalAddresses.map((address) =>
      address.includes(':')
        ? addressSpec(`${address}/64`)
        : { ...addressSpec(`${address}/16`), scope: 'link' as const }
    )
  ]
}

/** An address without duplicate address detection; of IPv4, with the broadcast address of its subnet. */
export function addressSpec(address: string): AddressSpec {
  return address.includes(':') ? { address, flags: ['nodad'] } : { address, broadcast: 'auto' }
}

export interface SetUpOptions {
  /** Whether routers are heard that announce themselves on the link. Where it could be any container, they aren't. */
  readonly acceptAdvertisements: boolean
  /** The link goes up without a word to its neighbours. */
  readonly quiet?: boolean
}

/**
 * Sets up the end inside, and resolves to it: its parameters before it goes up, its addresses, itself and the loopback.
 * All of it can be repeated.
 */
export async function setUpInside(inside: Inside, plan: EndpointPlan, options: SetUpOptions): Promise<Link> {
  const found = inside.stack.links.get(innerName(plan))
  await join([setParameters(inside, plan, options), found])
  const link = await found
  const batch = inside.stack.batch()
  batch.links.set('lo', { up: true })
  for (const address of innerAddresses(plan)) batch.addresses.replace(link.index, address)
  batch.links.set(link.index, { up: true })
  await commit(batch)
  const { address6 } = plan.endpoint
  if (address6 !== undefined) await untilDelivered(inside.stack, [address6])
  return link
}

/**
 * Takes the end inside out of the way: it is down, its name is free and its addresses are gone. The kernel keeps
 * answering for an IPv4 address of a link that is down.
 */
export async function moveAside(inside: Inside, plan: EndpointPlan, index: number): Promise<void> {
  const batch = inside.stack.batch()
  batch.links.set(index, { up: false })
  for (const { address } of innerAddresses(plan)) batch.addresses.delete(index, address)
  batch.links.set(index, { name: `gone${plan.endpoint.id.slice(0, 11)}` })
  await commit(batch, 'EADDRNOTAVAIL', 'ENODEV')
}

/** From now on a change of the link's address, and its going up, are told to the neighbours. */
export async function announceChanges({ namespace: { sysctl } }: Inside, plan: EndpointPlan): Promise<void> {
  const name = innerName(plan)
  await join([
    sysctl.set(`net/ipv4/conf/${name}/arp_notify`, 1),
    hasIpv6(plan) ? sysctl.set(`net/ipv6/conf/${name}/ndisc_notify`, 1) : undefined
  ])
}

const hasIpv6 = (plan: EndpointPlan): boolean =>
  innerAddresses(plan).some(({ address }) => address.includes(':'))

async function setParameters(
  inside: Inside,
  plan: EndpointPlan,
  { acceptAdvertisements, quiet = false }: SetUpOptions
): Promise<void> {
  const { sysctl } = inside.namespace
  const name = innerName(plan)
  const ipv6 = hasIpv6(plan)
  await join([
    quiet ? undefined : announceChanges(inside, plan),
    enableIpv6(sysctl, name, ipv6),
    ipv6 ? sysctl.set(`net/ipv6/conf/${name}/accept_dad`, 0) : undefined,
    ipv6 && !acceptAdvertisements ? sysctl.set(`net/ipv6/conf/${name}/accept_ra`, 0) : undefined
  ])
  const wanted = Object.entries(plan.endpoint.sysctls)
  if (wanted.length === 0) return
  const values: Partial<Record<SysctlKey, SysctlInput>> = {}
  for (const [key, value] of wanted) values[withName(key, name)] = value
  await sysctl.setMany(values)
}

/** A key with the name of the interface in it. Where dots part a key, those of a name are written as slashes. */
function withName(key: string, name: string): SysctlKey {
  const spelled = /^[^./]*\./.test(key) ? name.replaceAll('.', '/') : name
  return key.replaceAll('IFNAME', spelled) as SysctlKey
}
