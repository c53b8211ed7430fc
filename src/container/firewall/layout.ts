import type { ChainSpec, SetSpec } from '../../netfilter/nftables/index.js'

/** 4 for IPv4, 6 for IPv6. */
export type Version = 4 | 6

/** One set or map for each version. */
type Both = Readonly<Record<Version, SetSpec>>

/** The base chains, and one that two of them share. */
const baseChains = [
  { name: 'prerouting', type: 'nat', hook: 'prerouting', priority: -100 },
  { name: 'output', type: 'nat', hook: 'output', priority: -100 },
  { name: 'published' },
  // Before connections are tracked, so that a connection has the source that it leaves with from the start.
  { name: 'loopback', type: 'route', hook: 'output', priority: -300 },
  // After the translation of addresses (100) has put a loopback address back into the source.
  { name: 'loopback_replies', type: 'filter', hook: 'input', priority: 200 },
  { name: 'forward', type: 'filter', hook: 'forward', priority: 0 },
  { name: 'postrouting', type: 'nat', hook: 'postrouting', priority: 100 }
] as const

export type BaseChainName = (typeof baseChains)[number]['name']

/**
 * What the table of the container networks is made of, whatever networks there are. Networks and ports are elements of
 * its maps, so that a packet finds its way by a few look-ups, and a change is a few elements.
 */
export interface TableLayout {
  readonly place: { readonly family: 'inet'; readonly table: string }
  readonly chains: readonly ChainSpec[]
  readonly sets: readonly SetSpec[]
  /** The bridges of all networks. */
  readonly bridges: SetSpec
  /** By the bridge that a forwarded packet comes from: what its network has to say. */
  readonly from: SetSpec
  /** By the bridge that a forwarded packet goes to. */
  readonly into: SetSpec
  /** By the source of a packet that leaves the host or goes to a container: the chain of its network. */
  readonly leaving: Both
  /** Where a port of one address of the host leads. */
  readonly dnat: Both
  /** Where a port of every address of the host leads. */
  readonly dnatAny: Both
  /** The source that a connection from 127.0.0.1 or ::1 to a published port of a loopback address gets. */
  readonly loopback: Both
  readonly loopbackAny: Both
}

/** The layout of a table with this name. */
export function tableLayout(table: string): TableLayout {
  const place = { family: 'inet', table } as const
  const both = (name: string, make: (address: 'ipv4_addr' | 'ipv6_addr') => Partial<SetSpec>): Both => ({
    4: { ...place, name: `${name}4`, ...make('ipv4_addr') },
    6: { ...place, name: `${name}6`, ...make('ipv6_addr') }
  })
  const bridges: SetSpec = { ...place, name: 'bridges', key: 'ifname' }
  const from: SetSpec = { ...place, name: 'from', key: 'ifname', value: 'verdict' }
  const into: SetSpec = { ...place, name: 'into', key: 'ifname', value: 'verdict' }
  const leaving = both('leaving', (key) => ({ key, value: 'verdict', interval: true }))
  const dnat = both('dnat', (address) => ({
    key: ['inet_proto', address, 'inet_service'],
    value: [address, 'inet_service']
  }))
  const dnatAny = both('dnat_any', (address) => ({
    key: ['inet_proto', 'inet_service'],
    value: [address, 'inet_service']
  }))
  const loopback = both('loopback', (value) => ({ key: ['inet_proto', value, 'inet_service'], value }))
  const loopbackAny = both('loopback_any', (value) => ({ key: ['inet_proto', 'inet_service'], value }))
  const pairs = [leaving, dnat, dnatAny, loopback, loopbackAny]
  return {
    place,
    chains: baseChains.map((chain): ChainSpec =>
      'hook' in chain ? { ...place, ...chain, policy: 'accept' } : { ...place, ...chain }
    ),
    sets: [bridges, from, into, ...pairs.flatMap((pair) => [pair[4], pair[6]])],
    bridges,
    from,
    into,
    leaving,
    dnat,
    dnatAny,
    loopback,
    loopbackAny
  }
}
