import type { InputOf } from '../../../codec/index.js'
import type { DataType } from '../datatype/datatype.js'
import { dataTypes, ruleTypes } from '../datatype/types.js'
import type { ctKey } from '../expression/kinds/ct.js'
import { registerAt } from '../rule/registers.js'
import { Selector } from './selector.js'

type CtKey = Extract<InputOf<typeof ctKey>, string>
/** Which way: as the connection began, or back. */
export type Direction = 'original' | 'reply'

function ctSelector<V>(key: CtKey, type: DataType<V>, direction?: Direction): Selector<V> {
  return new Selector<V>({
    name: direction === undefined ? `ct ${key}` : `ct ${direction} ${key}`,
    type,
    load: (builder, place) =>
      builder.emit({ kind: 'ct', key, direction, destinationRegister: registerAt(place) }),
    store: (builder, place) => builder.emit({ kind: 'ct', key, direction, sourceRegister: registerAt(place) })
  })
}

const { u16, u64, text } = ruleTypes

/** What one direction of a connection has. */
function oneWay(direction: Direction) {
  return {
    saddr: ctSelector('ip saddr', dataTypes.ipv4_addr, direction),
    daddr: ctSelector('ip daddr', dataTypes.ipv4_addr, direction),
    saddr6: ctSelector('ip6 saddr', dataTypes.ipv6_addr, direction),
    daddr6: ctSelector('ip6 daddr', dataTypes.ipv6_addr, direction),
    l3proto: ctSelector('l3proto', dataTypes.nf_proto, direction),
    protocol: ctSelector('protocol', dataTypes.inet_proto, direction),
    protoSrc: ctSelector('proto-src', dataTypes.inet_service, direction),
    protoDst: ctSelector('proto-dst', dataTypes.inet_service, direction),
    /** Counted only where `net.netfilter.nf_conntrack_acct` is 1. */
    packets: ctSelector('packets', u64, direction),
    bytes: ctSelector('bytes', u64, direction),
    avgpkt: ctSelector('avgpkt', u64, direction),
    zone: ctSelector('zone', u16, direction)
  } as const
}

/** The connection that a packet belongs to (nft(8), CONNTRACK EXPRESSIONS). */
export const ct = {
  state: ctSelector('state', dataTypes.ct_state),
  direction: ctSelector('direction', dataTypes.ct_dir),
  status: ctSelector('status', dataTypes.ct_status),
  mark: ctSelector('mark', dataTypes.mark),
  /** Seconds until it is forgotten. */
  expiration: ctSelector('expiration', dataTypes.time),
  helper: ctSelector('helper', text),
  label: ctSelector('label', dataTypes.ct_label),
  l3proto: ctSelector('l3proto', dataTypes.nf_proto),
  protocol: ctSelector('protocol', dataTypes.inet_proto),
  /** Of both directions. */
  packets: ctSelector('packets', u64),
  bytes: ctSelector('bytes', u64),
  avgpkt: ctSelector('avgpkt', u64),
  zone: ctSelector('zone', u16),
  /** Which events it makes; can only be set. */
  event: ctSelector('event', dataTypes.ct_event),
  id: ctSelector('id', ruleTypes.u32),
  original: oneWay('original'),
  reply: oneWay('reply')
} as const
