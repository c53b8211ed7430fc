import { be16 } from '../../../codec/index.js'
import { dataType, numeric } from '../datatype/datatype.js'
import type { DataType } from '../datatype/datatype.js'
import { dataTypes } from '../datatype/types.js'
import { registerAt } from '../rule/registers.js'
import { Selector } from './selector.js'

type RtKey = 'classid' | 'ip nexthop' | 'ip6 nexthop' | 'mtu' | 'ipsec'

function rtSelector<V>(key: RtKey, type: DataType<V>): Selector<V> {
  return new Selector<V>({
    name: `rt ${key}`,
    type,
    load: (builder, place) => builder.emit({ kind: 'rt', key, destinationRegister: registerAt(place) })
  })
}

/** The route of a packet (nft(8), ROUTING EXPRESSIONS). */
export const rt = {
  classid: rtSelector('classid', dataTypes.realm),
  nexthop: rtSelector('ip nexthop', dataTypes.ipv4_addr),
  nexthop6: rtSelector('ip6 nexthop', dataTypes.ipv6_addr),
  /** The MSS that fits the path: `set(tcpOption('maxseg').size, rt.mtu)`. */
  mtu: rtSelector('mtu', dataType('integer', 4, numeric(be16), { byteOrder: 'network' })),
  /** It will leave by IPsec. */
  ipsec: rtSelector('ipsec', dataTypes.boolean)
} as const
