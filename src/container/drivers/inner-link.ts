import type { SysctlInput, SysctlKey } from '../../namespace/index.js'
import type { AddressSpec } from '../../rtnetlink/address/index.js'
import type { Link } from '../../rtnetlink/link/index.js'
import { commit } from './commit.js'
import type { EndpointPlan, Inside } from './driver.js'
import { enableIpv6 } from './enable-ipv6.js'
import { join } from './join.js'
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

/**
 * Sets up the end inside, and resolves to it: its parameters before it goes up, its addresses, itself and the loopback.
 * All of it can be repeated.
 *
 * With `acceptAdvertisements` off, routers that announce themselves on the link are not heard: it could be any
 * container.
 */
export async function setUpInside(
  inside: Inside,
  plan: EndpointPlan,
  acceptAdvertisements: boolean
): Promise<Link> {
  const found = inside.stack.links.get(innerName(plan))
  await join([setParameters(inside, plan, acceptAdvertisements), found])
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

async function setParameters(
  { namespace: { sysctl } }: Inside,
  plan: EndpointPlan,
  acceptAdvertisements: boolean
): Promise<void> {
  const name = innerName(plan)
  const ipv6 = innerAddresses(plan).some(({ address }) => address.includes(':'))
  const set = (family: 'ipv4' | 'ipv6', key: string, value: number): Promise<void> =>
    sysctl.set(`net/${family}/conf/${name}/${key}`, value)
  await join([
    // A change of the link's address, and its going up, are told to the neighbours.
    set('ipv4', 'arp_notify', 1),
    enableIpv6(sysctl, name, ipv6),
    ...(ipv6 ? [set('ipv6', 'accept_dad', 0), set('ipv6', 'ndisc_notify', 1)] : []),
    ipv6 && !acceptAdvertisements ? set('ipv6', 'accept_ra', 0) : undefined
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
