import { InvalidType, invalidRange, within } from '../../../codec/index.js'
import { NetloomError } from '../../../netlink/index.js'
import type { NetworkOptions, NetworkRecord } from '../../model/network.js'
import { readSettings } from '../docker-options.js'
import type { Host } from '../driver.js'
import { findLink } from '../find-link.js'
import { hostMtu } from '../host-mtu.js'
import type { BridgeNetworkOptions } from './options.js'
import { bridgeSettings } from './settings.js'

/** What the record of a bridge network says of it: its options, complete. */
export interface BridgePlan extends BridgeNetworkOptions {
  readonly name: string
  readonly existing: boolean
  readonly interContainer: boolean
  readonly masquerade: boolean
  readonly mtu: number
  readonly interfacePrefix: string
  /** The addresses that an existing bridge had before, which it keeps. */
  readonly ownAddresses: readonly string[]
}

/** The options that `planBridge` completed. */
export function bridgePlanOf(network: NetworkRecord): BridgePlan {
  return network.driverOptions as unknown as BridgePlan
}

/** The least that IPv6 needs of a link (RFC 8200, 5). */
const leastForIpv6 = 1280

export async function planBridge(
  host: Host,
  options: NetworkOptions,
  id: string,
  others: readonly NetworkRecord[]
): Promise<BridgePlan> {
  const given = readSettings('bridge', bridgeSettings, options)
  const { existing = false, name = `nl-${id.slice(0, 12)}` } = given
  if (existing && given.name === undefined) {
    const error = new InvalidType(undefined, 'the name of the bridge that is there', 'ERR_MISSING_FIELD')
    throw error.within('name').within('bridge')
  }
  if (given.mtu !== undefined && given.mtu < leastForIpv6 && wantsIpv6(options))
    within('bridge', () =>
      within('mtu', () => invalidRange(given.mtu, `at least ${leastForIpv6}: the network has IPv6`))
    )
  const user = others.find((other) => bridgePlanOf(other).name === name)
  if (user !== undefined)
    throw new NetloomError('ERR_LINK_IN_USE', `the bridge ${name} is that of the network ${user.name}`)
  const link = await findLink(host.stack, name)
  if (existing && link?.kind !== 'bridge') {
    const what = link === undefined ? 'there is no such link' : 'that link is no bridge'
    throw new NetloomError('ERR_LINK_NOT_FOUND', `the network is to use the bridge ${name}, but ${what}`)
  }
  if (!existing && link !== undefined) throw taken(name)
  const addresses = link === undefined ? [] : await host.stack.addresses.list({ link: link.index })
  return {
    ...given,
    name,
    existing,
    interContainer: given.interContainer ?? true,
    masquerade: given.masquerade ?? true,
    mtu: given.mtu ?? link?.mtu ?? (await hostMtu(host.stack)),
    interfacePrefix: given.interfacePrefix ?? 'eth',
    ownAddresses: addresses.map(({ address }) => address)
  }
}

function wantsIpv6({ ipv6, pools = [] }: NetworkOptions): boolean {
  return ipv6 ?? pools.some(({ subnet }) => subnet?.includes(':') === true)
}

/** The error for a link that has the name of a bridge to be made. */
export function taken(name: string): NetloomError {
  const hint = 'if it is a bridge to be used as it is, say so by bridge.existing'
  return new NetloomError('ERR_LINK_EXISTS', `a link is named ${name} already; ${hint}`)
}
