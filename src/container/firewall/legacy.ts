import { NetlinkError } from '../../netlink/index.js'
import type { NetworkNamespace } from '../../namespace/index.js'
import type { Expression, Verdict } from '../../netfilter/nftables/index.js'
import { readXtablesTable } from '../../netfilter/xtables/index.js'
import type { LinkMatch, XtablesRule, XtablesTable } from '../../netfilter/xtables/index.js'
import { fateIn } from './foreign-chain.js'
import type { JudgedRule, Probe } from './foreign-chain.js'
import type { ForeignDrop } from './foreign-drop.js'

const table = 'filter'

/**
 * The chains of legacy iptables that drop one of these packets. Its tables are no part of nftables, but stand beside them.
 * They are judged as those are, see `fateIn`; nothing is put into their `DOCKER-USER`: the kernel takes such a table only
 * as a whole, so that what another program changed since it was read would be lost.
 *
 * Where they can't be read, the process is warned once for each namespace, and nothing counts as dropped.
 */
export async function legacyDrops(
  namespace: NetworkNamespace,
  probes: readonly Probe[]
): Promise<ForeignDrop[]> {
  const drops: ForeignDrop[] = []
  for (const family of new Set(probes.map((probe) => probe.family))) {
    try {
      const filter = await readXtablesTable(namespace, family, table)
      if (filter === undefined) continue
      for (const probe of probes.filter((one) => one.family === family)) {
        const drop = await dropIn(filter, probe)
        if (drop !== undefined) drops.push(drop)
      }
    } catch (error) {
      if (!(error instanceof NetlinkError)) throw error
      warn(namespace, error)
    }
  }
  return drops
}

async function dropIn(filter: XtablesTable, probe: Probe): Promise<ForeignDrop | undefined> {
  let acceptIn: 'DOCKER-USER' | 'FORWARD' = 'FORWARD'
  const read = (chain: string): Promise<JudgedRule[]> => {
    if (chain === 'DOCKER-USER') acceptIn = chain
    return Promise.resolve(filter.rules(chain).map(inWordsOfNftables))
  }
  const fate = await fateIn(read, 'FORWARD', probe)
  const family = probe.family === 'inet' ? 'ip' : 'ip6'
  if (fate !== undefined) {
    if (fate.verdict === 'accept') return undefined
    return { family, table, chain: fate.chain, by: 'rule', legacy: { acceptIn } }
  }
  if (filter.policy('FORWARD') !== 'drop') return undefined
  return { family, table, chain: 'FORWARD', by: 'policy', legacy: { acceptIn } }
}

/** A rule as iptables-nft would write it, with one expression that nobody knows for all that can't be judged. */
function inWordsOfNftables({ input, output, hasOtherConditions, target }: XtablesRule): JudgedRule {
  const expressions: Expression[] = [...linkMatch('iifname', input), ...linkMatch('oifname', output)]
  if (hasOtherConditions) expressions.push({ kind: 'unknown', name: 'match' })
  switch (target.kind) {
    case 'continue':
      break
    case 'other':
      expressions.push({ kind: 'unknown', name: 'target' })
      break
    case 'reject':
      expressions.push({ kind: 'reject', type: 'icmpx' })
      break
    case 'jump':
    case 'goto':
      expressions.push(verdict({ code: target.kind, chain: target.chain }))
      break
    default:
      expressions.push(verdict({ code: target.kind }))
  }
  return { expressions }
}

const verdict = (content: Verdict): Expression => ({
  kind: 'immediate',
  destinationRegister: 'verdict',
  data: { verdict: content }
})

/** Compares a link's name, or how it begins. */
function linkMatch(key: 'iifname' | 'oifname', link: LinkMatch | undefined): Expression[] {
  if (link === undefined) return []
  const operator = link.inverted ? '!=' : '=='
  return [
    { kind: 'meta', key, destinationRegister: 1 },
    { kind: 'cmp', sourceRegister: 1, operator, data: { value: link.name } }
  ]
}

const warned = new WeakSet<NetworkNamespace>()

function warn(namespace: NetworkNamespace, { message }: Error): void {
  if (warned.has(namespace)) return
  warned.add(namespace)
  process.emitWarning(
    `Whether rules of legacy iptables drop what container networks forward can't be told: ${message}. ` +
      'If they are cut off, look there: iptables-legacy -S, ip6tables-legacy -S',
    { code: 'NETLOOM_LEGACY_IPTABLES' }
  )
}
