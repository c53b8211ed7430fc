import { familyOf } from '../../codec/index.js'
import type { NetworkNamespace } from '../../namespace/index.js'
import type { Chain, NftFamily, Nftables } from '../../netfilter/nftables/index.js'
import { isUserChain } from './docker-user.js'
import type { FirewallNetwork } from './firewall.js'
import { fateIn } from './foreign-chain.js'
import type { Probe } from './foreign-chain.js'
import { foreignDropError } from './foreign-drop.js'
import type { ForeignDrop } from './foreign-drop.js'
import { legacyDrops } from './legacy.js'

/** What is looked at to tell whether other programs drop the packets of a network. */
export interface Surroundings {
  readonly nftables: Nftables
  readonly namespace: NetworkNamespace
  /** All chains of the namespace. */
  readonly chains: readonly Chain[]
  /** netloom's own table. */
  readonly own: string
}

/**
 * The chains of other tables that drop what is forwarded from or to a network. A packet passes only if no table drops it,
 * whatever ours says.
 *
 * The chains are listed, and only of those where packets to be forwarded come by are the rules read, as far as a packet
 * of the bridge is sure to get: a policy of `drop` counts unless a rule before accepts all that comes from, or goes to,
 * the bridge, and so does a rule that drops all of it. Rules with other conditions count neither way: see `fateIn`. What
 * will be put into `DOCKER-USER` counts as there. An internal network is looked at only where frames within a bridge
 * pass the rules (`net.bridge.bridge-nf-call-iptables`). Tables of legacy iptables, which are no part of nftables, are
 * judged in the same way: see `legacyDrops`.
 */
export async function foreignDrops(around: Surroundings, network: FirewallNetwork): Promise<ForeignDrop[]> {
  const base = around.chains.filter((chain) => chain.hook === 'forward' && isForeign(chain, around.own))
  const suspects = base.length === 0 ? [] : await withoutDormant(around.nftables, base)
  const probes = await probesOf(around.namespace, network)
  const drops = await legacyDrops(around.namespace, probes)
  for (const chain of suspects) {
    for (const probe of probes.filter(({ family }) => sees(chain.family, family))) {
      const drop = await dropIn(around.nftables, chain, probe)
      if (drop !== undefined) drops.push(drop)
    }
  }
  // Both ways may end in the same chain.
  return [...new Map(drops.map((drop) => [JSON.stringify(drop), drop])).values()]
}

/** Refuses a network whose packets another table drops. */
export async function refuseForeignDrops(around: Surroundings, network: FirewallNetwork): Promise<void> {
  const drops = await foreignDrops(around, network)
  if (drops.length > 0) throw foreignDropError(drops, network)
}

const isForeign = ({ family, table }: Chain, own: string): boolean =>
  (family === 'ip' || family === 'ip6' || family === 'inet') && !(family === 'inet' && table === own)

const sees = (family: NftFamily, of: Probe['family']): boolean =>
  family === 'inet' || (family === 'ip') === (of === 'inet')

/** Chains of a dormant table see no packets. */
async function withoutDormant(nftables: Nftables, chains: readonly Chain[]): Promise<Chain[]> {
  const tables = await nftables.tables.list()
  const dormant = tables.filter(({ flags }) => flags.includes('dormant'))
  return chains.filter(
    ({ family, table }) => !dormant.some((other) => other.family === family && other.name === table)
  )
}

async function dropIn(nftables: Nftables, base: Chain, probe: Probe): Promise<ForeignDrop | undefined> {
  const { family, table } = base
  const fate = await fateIn(
    async (name) =>
      isUserChain({ family, table, name }) ? 'accept' : nftables.rules.list({ family, table, chain: name }),
    base.name,
    probe
  )
  if (fate !== undefined) {
    return fate.verdict === 'drop' ? { family, table, chain: fate.chain, by: 'rule' } : undefined
  }
  return base.policy === 'drop' ? { family, table, chain: base.name, by: 'policy' } : undefined
}

/** A packet for each way that must be open. */
async function probesOf(namespace: NetworkNamespace, network: FirewallNetwork): Promise<Probe[]> {
  const { bridge, internal, interContainer, subnets } = network
  const probes: Probe[] = []
  for (const family of new Set(subnets.map(familyOf))) {
    if (!internal) probes.push({ family, from: bridge }, { family, into: bridge })
    if (interContainer && (await filtersFrames(namespace, family))) {
      probes.push({ family, from: bridge, into: bridge })
    }
  }
  return probes
}

/** Whether frames within a bridge pass the rules for packets (`br_netfilter`). */
async function filtersFrames(namespace: NetworkNamespace, family: Probe['family']): Promise<boolean> {
  const key = `net.bridge.bridge-nf-call-${family === 'inet' ? 'iptables' : 'ip6tables'}` as const
  return (await namespace.sysctl.get(key).catch(() => 0)) === 1
}
