import type { InputOf } from '../../../codec/index.js'
import type { DataType } from '../datatype/datatype.js'
import { dataTypes, ruleTypes } from '../datatype/types.js'
import { integer } from '../datatype/integer.js'
import type { metaKey } from '../expression/kinds/meta.js'
import type { RuleBuilder } from '../rule/builder.js'
import { registerAt } from '../rule/registers.js'
import { settlesEtherType } from './header/link.js'
import { Selector } from './selector.js'

type MetaKey = Extract<InputOf<typeof metaKey>, string>

function metaSelector<V>(
  key: MetaKey,
  type: DataType<V>,
  settles?: (builder: RuleBuilder, value: Uint8Array) => void
): Selector<V> {
  return new Selector<V>({
    name: `meta ${key}`,
    type,
    load: (builder, place) => builder.emit({ kind: 'meta', key, destinationRegister: registerAt(place) }),
    store: (builder, place) => builder.emit({ kind: 'meta', key, sourceRegister: registerAt(place) }),
    settles
  })
}

function settlesNfproto(builder: RuleBuilder, value: Uint8Array): void {
  builder.known.network = value[0] === 2 ? 'ip' : value[0] === 10 ? 'ip6' : 'other'
}

function settlesProtocol(builder: RuleBuilder, value: Uint8Array): void {
  builder.known.transport = value[0]!
}

const { u16, u32 } = ruleTypes

/** What the kernel knows about a packet beside its bytes (nft(8), META EXPRESSIONS). */
export const meta = {
  /** Bytes, the network header included. */
  length: metaSelector('length', u32),
  /** The EtherType. */
  protocol: metaSelector('protocol', dataTypes.ether_type, settlesEtherType),
  nfproto: metaSelector('nfproto', dataTypes.nf_proto, settlesNfproto),
  /** The transport protocol, past IPv6 extension headers. */
  l4proto: metaSelector('l4proto', dataTypes.inet_proto, settlesProtocol),
  /** The class of traffic control that it goes to. */
  priority: metaSelector('priority', dataTypes.classid),
  mark: metaSelector('mark', dataTypes.mark),
  /** Index of the link that it came by. Faster than the name; refers to a link that is there now. */
  iif: metaSelector('iif', dataTypes.iface_index),
  oif: metaSelector('oif', dataTypes.iface_index),
  /** Name of the link that it came by; `'eth*'` matches all that begin so. */
  iifname: metaSelector('iifname', dataTypes.ifname),
  oifname: metaSelector('oifname', dataTypes.ifname),
  iiftype: metaSelector('iiftype', dataTypes.iface_type, (builder, value) => {
    if (value[0] === 1 && value[1] === 0) builder.known.link = 'ether'
  }),
  oiftype: metaSelector('oiftype', dataTypes.iface_type),
  /** The kind of link: `'veth'`. */
  iifkind: metaSelector('iifkind', dataTypes.ifname),
  oifkind: metaSelector('oifkind', dataTypes.ifname),
  iifgroup: metaSelector('iifgroup', dataTypes.devgroup),
  oifgroup: metaSelector('oifgroup', dataTypes.devgroup),
  /** The user and group that own the socket that sent it. */
  skuid: metaSelector('skuid', dataTypes.uid),
  skgid: metaSelector('skgid', dataTypes.gid),
  /** Set it to true to trace the packet: see `nftables.trace()`. */
  nftrace: metaSelector('nftrace', dataTypes.boolean),
  rtclassid: metaSelector('rtclassid', dataTypes.realm),
  /** In the bridge family, the bridge. */
  ibrname: metaSelector('ibrname', dataTypes.ifname),
  obrname: metaSelector('obrname', dataTypes.ifname),
  ibrpvid: metaSelector('ibrpvid', u16),
  ibrvproto: metaSelector('ibrvproto', dataTypes.ether_type),
  pkttype: metaSelector('pkttype', dataTypes.pkt_type),
  cpu: metaSelector('cpu', u32),
  cgroup: metaSelector('cgroup', u32),
  /** A random number of 32 bits. */
  random: metaSelector('random', integer(4)),
  /** Came by IPsec. */
  ipsec: metaSelector('ipsec', dataTypes.boolean),
  /** Now. */
  time: metaSelector('time', dataTypes.time_date),
  day: metaSelector('day', dataTypes.day),
  hour: metaSelector('hour', dataTypes.hour),
  /** The slave of a VRF that it came by. */
  sdif: metaSelector('sdif', dataTypes.iface_index),
  sdifname: metaSelector('sdifname', dataTypes.ifname)
} as const
