import type { Sysctl, SysctlKey } from '../../../namespace/index.js'
import type { NetworkStack } from '../../../network-stack.js'
import type { Link } from '../../../rtnetlink/link/index.js'
import { hasCode } from '../../errors/has-code.js'
import { ensureForwarding } from '../../firewall/index.js'
import type { NetworkRecord } from '../../model/network.js'
import { commit } from '../commit.js'
import type { Host } from '../driver.js'
import { enableIpv6 } from '../enable-ipv6.js'
import { deleteLink, findLink } from '../find-link.js'
import { addressSpec } from '../inner-link.js'
import { macAddressOf } from '../mac-address.js'
import { withLength } from '../pool-of.js'
import { untilDelivered } from '../until-delivered.js'
import { firewallNetwork } from './firewall-network.js'
import { bridgePlanOf, taken } from './plan.js'
import { findBridge } from './find-bridge.js'

/** Makes the bridge with the addresses of the gateways, or adds these to one that is there; and its rules. */
export async function ensureBridgeNetwork(host: Host, network: NetworkRecord): Promise<void> {
  const { stack } = host
  const { name, existing, mtu } = bridgePlanOf(network)
  const made = !existing && (await makeBridge(host, network))
  const added: string[] = []
  try {
    const bridge = await findBridge(stack, name)
    if (!existing) await setParameters(host, network)
    const present = await stack.addresses.list({ link: bridge.index })
    const batch = stack.batch()
    for (const address of gatewayAddresses(network)) {
      if (present.some((other) => other.address === address)) continue
      added.push(address)
      batch.addresses.replace(bridge.index, addressSpec(address))
    }
    batch.links.set(bridge.index, existing ? { up: true } : { mtu, up: true })
    await commit(batch)
    await untilDelivered(
      stack,
      network.pools.flatMap(({ gateway }) => gateway ?? [])
    )
    await host.firewall.ensureNetwork(firewallNetwork(network))
    if (!network.internal) await forward(host, network)
  } catch (error) {
    // The caller gets the first error, whatever becomes of this.
    await Promise.allSettled(
      made
        ? [host.firewall.removeNetwork(firewallNetwork(network)), deleteLink(stack, name)]
        : [removeAddresses(stack, name, added)]
    )
    throw error
  }
}

/** Takes away the bridge, or from one that was there before only the addresses that it was given; and its rules. */
export async function removeBridgeNetwork(host: Host, network: NetworkRecord): Promise<void> {
  const { stack, firewall } = host
  const { name, existing, ownAddresses } = bridgePlanOf(network)
  await firewall.removeNetwork(firewallNetwork(network))
  if (existing) {
    const added = gatewayAddresses(network).filter((address) => !ownAddresses.includes(address))
    await removeAddresses(stack, name, added)
  } else if (isOwn(await findLink(stack, name), network)) {
    await deleteLink(stack, name)
  }
}

/** Has packets of the network's families forwarded, once there are rules that say which. */
async function forward({ namespace, changed }: Host, { ipv4, ipv6 }: NetworkRecord): Promise<void> {
  const earlier = await ensureForwarding(namespace, [
    ...(ipv4 ? (['inet'] as const) : []),
    ...(ipv6 ? (['inet6'] as const) : [])
  ])
  if (changed === undefined || Object.keys(earlier).length === 0) return
  try {
    await changed(earlier)
  } catch (error) {
    await namespace.sysctl.setMany(earlier)
    throw error
  }
}

/** The addresses of the bridge, with their prefix lengths. */
function gatewayAddresses({ pools }: NetworkRecord): string[] {
  return pools.flatMap(({ gateway }) => (gateway === undefined ? [] : withLength(pools, gateway)))
}

/** True if the bridge was made; false if it was there, perhaps half made. */
async function makeBridge({ stack, mark }: Host, network: NetworkRecord): Promise<boolean> {
  const { name } = bridgePlanOf(network)
  let there = await findLink(stack, name)
  if (there === undefined) {
    try {
      // With an address of its own, the bridge doesn't change it with its ports.
      await stack.links.add({ kind: 'bridge', name, alias: mark, macAddress: macAddressOf(network.id) })
      return true
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error
    }
    there = await findLink(stack, name)
  }
  if (!isOwn(there, network)) throw taken(name)
  return false
}

/**
 * Whether a link is the bridge that was made for a network, and not one that somebody else has given its name: its MAC
 * address tells, which it has from the beginning.
 */
function isOwn(link: Link | undefined, { id }: NetworkRecord): boolean {
  return link?.kind === 'bridge' && link.macAddress === macAddressOf(id)
}

/**
 * What has to be set before the bridge is up. Its link-local address would be tentative for two seconds otherwise, and
 * a container could pass for the router of the host.
 */
async function setParameters({ namespace: { sysctl } }: Host, network: NetworkRecord): Promise<void> {
  const { name } = bridgePlanOf(network)
  if (network.ipv4) await loosenReversePath(sysctl, name)
  await enableIpv6(sysctl, name, network.ipv6)
  if (!network.ipv6) return
  for (const key of ['accept_dad', 'accept_ra']) await sysctl.set(`net/ipv6/conf/${name}/${key}`, 0)
}

/**
 * What a container answers by a published port of one network comes by the bridge of another, if that gives its default
 * route. Where the host holds such packets for spoofed (`rp_filter` 1), the bridge is content with a source that is
 * reached by any link (2); of both parameters the greater value counts (Documentation/networking/ip-sysctl.rst).
 */
async function loosenReversePath(sysctl: Sysctl, name: string): Promise<void> {
  const own: SysctlKey = `net/ipv4/conf/${name}/rp_filter`
  const values = await Promise.all([sysctl.get(own), sysctl.get('net.ipv4.conf.all.rp_filter')])
  if (Math.max(...values.map(Number)) === 1) await sysctl.set(own, 2)
}

async function removeAddresses(
  stack: NetworkStack,
  name: string,
  addresses: readonly string[]
): Promise<void> {
  const batch = stack.batch()
  for (const address of addresses) batch.addresses.delete(name, address)
  await commit(batch, 'EADDRNOTAVAIL', 'ENODEV')
}
