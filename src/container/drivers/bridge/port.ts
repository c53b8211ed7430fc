import type { NetworkNamespace } from '../../../namespace/index.js'
import type { NetworkRecord } from '../../model/network.js'
import { hasCode } from '../find-link.js'
import type { Bridge } from './find-bridge.js'
import { bridgePlanOf } from './plan.js'

/** How the port of an endpoint is set. */
export interface PortSettings {
  readonly hairpin: boolean
  readonly isolated: boolean
}

/**
 * What the port needs depends on br_netfilter, which hands bridged packets to the rules of IP where
 * `net.bridge.bridge-nf-call-iptables`, or the same setting of the bridge, is 1.
 *
 * Where it does, what a container sends to its own published port is translated while it is bridged, and has to leave
 * by the port that it came in by. And where containers are to be kept apart, the rules do that: an isolated port would
 * drop what goes to a published port of another container too. Where it does not, isolated ports keep them apart.
 */
export async function portSettings(
  namespace: NetworkNamespace,
  network: NetworkRecord,
  { bridge }: Bridge
): Promise<PortSettings> {
  const [ipv4, ipv6] = await Promise.all([
    callsRules(namespace, 'iptables', bridge.nfCallIptables),
    callsRules(namespace, 'ip6tables', bridge.nfCallIp6tables)
  ])
  const filtered = (ipv4 || !network.ipv4) && (ipv6 || !network.ipv6)
  return {
    hairpin: (ipv4 && network.ipv4) || (ipv6 && network.ipv6),
    isolated: !bridgePlanOf(network).interContainer && !filtered
  }
}

async function callsRules(
  { sysctl }: NetworkNamespace,
  rules: 'iptables' | 'ip6tables',
  ofBridge: boolean | undefined
): Promise<boolean> {
  try {
    return (await sysctl.get(`net.bridge.bridge-nf-call-${rules}`)) === 1 || ofBridge === true
  } catch (error) {
    // br_netfilter is not loaded.
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
}
