import type { NetworkNamespace } from '../../../namespace/index.js'
import type { NetworkRecord } from '../../model/network.js'
import type { Bridge } from './find-bridge.js'
import { bridgePlanOf } from './plan.js'

/** How the port of an endpoint is set. */
export interface PortSettings {
  readonly hairpin: boolean
  readonly isolated: boolean
}

/**
 * Whether br_netfilter hands bridged packets of a family to the rules of IP (`net.bridge.bridge-nf-call-iptables`);
 * `undefined` where it is not loaded.
 */
export interface BridgeNetfilter {
  readonly ipv4: boolean | undefined
  readonly ipv6: boolean | undefined
}

const keys = ['net.bridge.bridge-nf-call-iptables', 'net.bridge.bridge-nf-call-ip6tables'] as const

export async function bridgeNetfilter({ sysctl }: NetworkNamespace): Promise<BridgeNetfilter> {
  const values = await sysctl.getMany(keys, { ifMissing: 'skip' })
  const [ipv4, ipv6] = keys.map((key) => (values[key] === undefined ? undefined : values[key] === 1))
  return { ipv4, ipv6 }
}

/**
 * What the port needs depends on br_netfilter, for all bridges or, by a setting of its own, for this one.
 *
 * Where the rules see bridged packets, what a container sends to its own published port is translated while it is
 * bridged, and has to leave by the port that it came in by. And where containers are to be kept apart, the rules do
 * that: an isolated port would drop what goes to a published port of another container too. Where they don't, isolated
 * ports keep them apart.
 */
export function portSettings(
  network: NetworkRecord,
  { bridge }: Bridge,
  netfilter: BridgeNetfilter
): PortSettings {
  const calls = (all: boolean | undefined, own: boolean | undefined): boolean =>
    all !== undefined && (all || own === true)
  const ipv4 = calls(netfilter.ipv4, bridge.nfCallIptables)
  const ipv6 = calls(netfilter.ipv6, bridge.nfCallIp6tables)
  const filtered = (ipv4 || !network.ipv4) && (ipv6 || !network.ipv6)
  return {
    hairpin: (ipv4 && network.ipv4) || (ipv6 && network.ipv6),
    isolated: !bridgePlanOf(network).interContainer && !filtered
  }
}
