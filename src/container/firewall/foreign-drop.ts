import { NetloomError } from '../../netlink/index.js'
import type { NftFamily } from '../../netfilter/nftables/index.js'
import type { FirewallNetwork } from './firewall.js'

/** A chain of another program that drops what a network forwards. */
export interface ForeignDrop {
  readonly family: NftFamily
  readonly table: string
  readonly chain: string
  /** The chain's own policy, or one of its rules. */
  readonly by: 'policy' | 'rule'
  /** For a table of legacy iptables: the chain in which a rule at the top would be met before the drop. */
  readonly legacy?: { readonly acceptIn: 'DOCKER-USER' | 'FORWARD' } | undefined
}

/** The error for a network whose packets are dropped. */
export function foreignDropError(drops: readonly ForeignDrop[], network: FirewallNetwork): NetloomError {
  const commands = [...new Set(drops.flatMap((drop) => acceptingCommands(drop, network)))]
  const how = commands.length === 0 ? '' : `, for legacy iptables by ${commands.join('; ')}`
  return new NetloomError(
    'ERR_FOREIGN_FIREWALL',
    `what is forwarded from and to ${network.bridge} is dropped by ${drops.map(nameOf).join(', and by ')}; ` +
      `rules there must accept what comes from this link and what goes to it${how}; nothing was changed`
  )
}

function nameOf({ family, table, chain, by, legacy }: ForeignDrop): string {
  const place = `chain ${chain} of table ${family} ${table}${legacy === undefined ? '' : ' of legacy iptables'}`
  return by === 'policy' ? `${place} (by its policy)` : place
}

function acceptingCommands({ family, legacy }: ForeignDrop, network: FirewallNetwork): string[] {
  if (legacy === undefined) return []
  const program = family === 'ip6' ? 'ip6tables-legacy' : 'iptables-legacy'
  const link = linksOf(network)
  return ['-i', '-o'].map((way) => `${program} -I ${legacy.acceptIn} ${way} ${link} -j ACCEPT`)
}

/** In the words of iptables. A bridge that is called after its network has another name at the next try. */
function linksOf({ id, bridge }: FirewallNetwork): string {
  return bridge === `nl-${id.slice(0, 12)}` ? 'nl-+' : bridge
}
