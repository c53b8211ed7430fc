import type { NftRuleSpec, RuleItem } from '../../netfilter/nftables/index.js'
import * as nft from '../../netfilter/nftables/statements.js'
import type { Contents } from './contents.js'
import type { BaseChainName, TableLayout } from './layout.js'

const { accept, assign, concat, ct, dnat, fib, ip, ip6, jump, map, match, meta, th, verdict, verdictMap } =
  nft

/** Where a packet goes to: by which protocol, which address and port. */
const destination4 = concat(meta.l4proto, ip.daddr, th.dport)
const destination6 = concat(meta.l4proto, ip6.daddr, th.dport)
const anyDestination = concat(meta.l4proto, th.dport)

const ipv4 = match(meta.nfproto, 'ipv4')
const ipv6 = match(meta.nfproto, 'ipv6')

/**
 * The rules that are the same whatever networks there are.
 *
 * A connection to a published port gets the container as its destination when it comes in, or when a process of the
 * host makes it. From 127.0.0.1 and ::1 it needs a source that the container can answer to: it gets the address of the
 * bridge before its connection is tracked and its route looked up again, and the answers, whose source the kernel
 * turns back to the loopback address, get that as their destination too. No process stands between, and
 * `net.ipv4.conf.*.route_localnet` stays off.
 *
 * What is forwarded into a network must be part of a connection, or have been translated (`ct status dnat`), or come
 * from the same bridge where that is allowed: networks are isolated so, and container ports that are not published
 * are out of reach. A foreign table that accepts can't change that, since what one table drops is gone.
 */
export function baseContents(layout: TableLayout): Contents {
  const { chains, sets } = layout
  const rules = Object.entries(baseRules(layout)).flatMap(([chain, list]) =>
    list.map(([comment, ...expressions]): NftRuleSpec => ({ ...layout.place, chain, comment, expressions }))
  )
  return { chains, sets, rules, elements: [] }
}

type CommentedRule = readonly [comment: string, ...expressions: RuleItem[]]

function baseRules(layout: TableLayout): Record<BaseChainName, readonly CommentedRule[]> {
  const { dnat: exact, dnatAny: any, loopback, loopbackAny, leaving } = layout
  const at = ({ name }: { readonly name: string }): `@${string}` => `@${name}`
  const bridges = at(layout.bridges)
  return {
    prerouting: [
      // Addresses are translated before the kernel refuses a loopback address that comes by another link.
      [
        'what is published at loopback addresses is out of reach from outside',
        match(ip.daddr, '127.0.0.0/8'),
        verdict('return')
      ],
      ['the same', match(ip6.daddr, '::1'), verdict('return')],
      ['ports of the host', match(fib.type('daddr'), 'local'), jump('published')]
    ],
    output: [
      [
        'a container could not answer to a loopback address',
        match(ip.saddr, '127.0.0.0/8'),
        verdict('return')
      ],
      ['the same', match(ip6.saddr, '::1'), verdict('return')],
      ['ports of the host', match(fib.type('daddr'), 'local'), jump('published')]
    ],
    published: [
      // A socket with such an address is bound to its link, and a packet with one is not forwarded.
      ['link-local addresses stay with the host', match(ip6.daddr, 'fe80::/10'), verdict('return')],
      ['one address', dnat({ family: 'ip', endpoint: map(destination4, at(exact[4])) })],
      ['every address', ipv4, dnat({ family: 'ip', endpoint: map(anyDestination, at(any[4])) })],
      ['one address', dnat({ family: 'ip6', endpoint: map(destination6, at(exact[6])) })],
      ['every address', ipv6, dnat({ family: 'ip6', endpoint: map(anyDestination, at(any[6])) })]
    ],
    loopback: [
      [
        'published at this loopback address',
        ...[match(ip.saddr, '127.0.0.1'), match(ip.daddr, '127.0.0.0/8')],
        assign(ip.saddr, map(destination4, at(loopback[4])))
      ],
      [
        'published at every address',
        ...[match(ip.saddr, '127.0.0.1'), match(ip.daddr, '127.0.0.0/8')],
        assign(ip.saddr, map(anyDestination, at(loopbackAny[4])))
      ],
      [
        'published at this loopback address',
        ...[match(ip6.saddr, '::1'), match(ip6.daddr, '::1')],
        assign(ip6.saddr, map(destination6, at(loopback[6])))
      ],
      [
        'published at every address',
        ...[match(ip6.saddr, '::1'), match(ip6.daddr, '::1')],
        assign(ip6.saddr, map(anyDestination, at(loopbackAny[6])))
      ]
    ],
    loopback_replies: [
      [
        'answers go to where the connection began',
        ...[match(ip.saddr, '127.0.0.0/8'), match(meta.iifname, bridges)],
        ...[match(ct.direction, 'reply'), match(ct.status, 'dnat')],
        assign(ip.daddr, '127.0.0.1')
      ],
      [
        'answers go to where the connection began',
        ...[match(ip6.saddr, '::1'), match(meta.iifname, bridges)],
        ...[match(ct.direction, 'reply'), match(ct.status, 'dnat')],
        assign(ip6.daddr, '::1')
      ]
    ],
    forward: [
      ['connections that were let in', match(ct.state, ['established', 'related']), accept()],
      ['by the network that it comes from', verdictMap(meta.iifname, at(layout.from))],
      ['by the network that it goes to', verdictMap(meta.oifname, at(layout.into))]
    ],
    postrouting: [
      ['multicast keeps its source', match(ip.daddr, '224.0.0.0/4'), verdict('return')],
      ['multicast keeps its source', match(ip6.daddr, 'ff00::/8'), verdict('return')],
      ['by the network that it comes from', verdictMap(ip.saddr, at(leaving[4]))],
      ['by the network that it comes from', verdictMap(ip6.saddr, at(leaving[6]))]
    ]
  }
}
