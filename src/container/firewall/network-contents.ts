import { familyOf } from '../../codec/index.js'
import type { NftRuleSpec, RuleItem } from '../../netfilter/nftables/index.js'
import {
  accept,
  ct,
  drop,
  masquerade,
  match,
  meta,
  snat,
  verdict
} from '../../netfilter/nftables/statements.js'
import { mergedElements } from './contents.js'
import type { Contents, SetElements } from './contents.js'
import type { FirewallNetwork } from './firewall.js'
import type { TableLayout } from './layout.js'

/**
 * What a network has in the table: two chains, to which the maps lead by its bridge and its subnets.
 *
 * Where `br_netfilter` is loaded and `net.bridge.bridge-nf-call-iptables` is 1, frames between two ports of a bridge
 * pass these rules too. The driver of the bridge sees to what rules can't do: there a container reaches a port that it
 * publishes itself only with hairpin mode on its bridge port; and where the parameter is 0, frames between containers
 * that must not reach each other are held up by isolated bridge ports alone. With isolated ports and the parameter
 * at 1, containers don't reach each other's published ports.
 */
export function networkContents(layout: TableLayout, network: FirewallNetwork): Contents {
  const { id, bridge, internal } = network
  const digits = id.slice(0, 12)
  const into = `into-${digits}`
  const beyond = internal ? `from-${digits}` : `leaving-${digits}`
  const rulesOf = (chain: string, list: readonly (readonly RuleItem[])[]): NftRuleSpec[] =>
    list.map((expressions) => ({ ...layout.place, chain, expressions }))
  return {
    chains: [into, beyond].map((name) => ({ ...layout.place, name })),
    sets: [],
    rules: [
      ...rulesOf(into, intoRules(network)),
      ...rulesOf(beyond, internal ? fromRules(network) : leavingRules(network))
    ],
    elements: [
      { set: layout.bridges, elements: [{ key: bridge }] },
      { set: layout.into, elements: [{ key: bridge, value: { jump: into } }] },
      ...(internal
        ? [{ set: layout.from, elements: [{ key: bridge, value: { jump: beyond } }] }]
        : subnetElements(layout, network, beyond))
    ]
  }
}

function subnetElements(layout: TableLayout, { subnets }: FirewallNetwork, chain: string): SetElements[] {
  return mergedElements(
    subnets.map((key) => ({
      set: layout.leaving[familyOf(key) === 'inet' ? 4 : 6],
      elements: [{ key, value: { jump: chain } }]
    }))
  )
}

/** What may be forwarded to the containers, beside the answers to what they asked for. */
function intoRules({ bridge, internal, interContainer }: FirewallNetwork): RuleItem[][] {
  return [
    ...(internal ? [] : [[match(ct.status, 'dnat'), accept()]]),
    ...(interContainer ? [[match(meta.iifname, bridge), accept()]] : []),
    [drop()]
  ]
}

/** From an internal network there is no way out, not even by a port that another network publishes. */
function fromRules({ bridge }: FirewallNetwork): RuleItem[][] {
  return [[match(meta.oifname, '!=', bridge), drop()]]
}

/** With which source the packets of the containers leave. */
function leavingRules({
  bridge,
  masquerade: hides,
  outboundAddress,
  outboundAddress6
}: FirewallNetwork): RuleItem[][] {
  // The answer of a neighbour must come back through the host, which turns it into one of the published port.
  const hairpin = [match(meta.oifname, bridge), match(ct.status, 'dnat'), masquerade()]
  if (!hides) return [hairpin]
  return [
    hairpin,
    [match(meta.oifname, bridge), verdict('return')],
    ...(outboundAddress === undefined ? [] : [[match(meta.nfproto, 'ipv4'), snat({ to: outboundAddress })]]),
    ...(outboundAddress6 === undefined
      ? []
      : [[match(meta.nfproto, 'ipv6'), snat({ to: outboundAddress6 })]]),
    [masquerade()]
  ]
}
