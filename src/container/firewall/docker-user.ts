import type { Chain, NftRule, NftRuleSpec, Nftables, Transaction } from '../../netfilter/nftables/index.js'
import { accept, counter, match, meta } from '../../netfilter/nftables/statements.js'

/**
 * The chain that Docker leaves to its users: its rules come before Docker's own, which drop what is forwarded otherwise
 * (Docker's documentation, "Packet filtering and firewalls"). It is there where Docker, or another program for it, speaks
 * iptables-nft; the one of legacy iptables can't be reached over netlink.
 */
const userChain = { table: 'filter', chain: 'DOCKER-USER' } as const

type IpFamily = 'ip' | 'ip6'
const families: readonly IpFamily[] = ['ip', 'ip6']

/** Whether this is Docker's chain for its users. */
export function isUserChain({ family, table, name }: Pick<Chain, 'family' | 'table' | 'name'>): boolean {
  return (family === 'ip' || family === 'ip6') && table === userChain.table && name === userChain.chain
}

/** The comment by which the rules of a bridge are found again. */
const commentOf = (owner: string, bridge: string): string => `${owner} ${bridge}`

/** The rules that let a bridge's packets pass, in the form of `iptables -i BRIDGE -j ACCEPT`. */
function passRules(owner: string, family: IpFamily, bridge: string): NftRuleSpec[] {
  return [meta.oifname, meta.iifname].map((link) => ({
    ...{ family, ...userChain, comment: commentOf(owner, bridge) },
    expressions: [match(link, bridge), counter(), accept()]
  }))
}

/** How many rules a bridge has in the chain of one family. */
const rulesOfBridge = 2

/** The rules that `owner`, netloom's table, has in Docker's chains, by family. */
async function ownRules(nftables: Nftables, owner: string, family: IpFamily): Promise<NftRule[]> {
  // A table or chain that isn't there has no rules.
  const rules = await nftables.rules.list({ family, ...userChain })
  return rules.filter(({ comment }) => comment?.startsWith(`${owner} `) === true)
}

/** What is to be changed in Docker's chains. */
export interface UserChainChanges {
  readonly missing: readonly NftRuleSpec[]
  readonly surplus: readonly NftRule[]
}

/**
 * What is to be changed so that the packets of these bridges pass, and with `others: 'remove'` those of no other bridge.
 * `chains` are those of the namespace.
 */
export async function userChainChanges(
  nftables: Nftables,
  owner: string,
  chains: readonly Chain[],
  bridges: readonly string[],
  others: 'keep' | 'remove'
): Promise<UserChainChanges> {
  const missing: NftRuleSpec[] = []
  const surplus: NftRule[] = []
  const wanted = new Set(bridges.map((bridge) => commentOf(owner, bridge)))
  for (const family of families.filter((one) => chains.some((c) => c.family === one && isUserChain(c)))) {
    const rules = await ownRules(nftables, owner, family)
    if (others === 'remove') surplus.push(...rules.filter(({ comment }) => !wanted.has(comment!)))
    for (const bridge of bridges) {
      const own = rules.filter(({ comment }) => comment === commentOf(owner, bridge))
      if (own.length === rulesOfBridge) continue
      surplus.push(...own)
      missing.push(...passRules(owner, family, bridge))
    }
  }
  return { missing, surplus }
}

/** Makes these changes; what is missing comes first in the chain. */
export function changeUserChains(transaction: Transaction, { missing, surplus }: UserChainChanges): void {
  for (const rule of surplus) transaction.rules.delete(rule)
  for (const rule of missing) transaction.rules.insert(rule)
}

/** The rules of one bridge. */
export async function userChainRules(nftables: Nftables, owner: string, bridge: string): Promise<NftRule[]> {
  const lists = await Promise.all(families.map((family) => ownRules(nftables, owner, family)))
  return lists.flat().filter(({ comment }) => comment === commentOf(owner, bridge))
}
