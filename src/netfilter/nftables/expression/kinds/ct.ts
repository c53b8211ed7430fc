import { attribute, be32, enumeration, required, u8 } from '../../../../codec/index.js'
import { register } from '../../register.js'
import { defineExpression } from '../kind.js'

/** `NFT_CT_*`, linux/netfilter/nf_tables.h, as nft names them. */
export const ctKey = enumeration(be32, {
  state: 0,
  direction: 1,
  status: 2,
  mark: 3,
  secmark: 4,
  expiration: 5,
  helper: 6,
  l3proto: 7,
  saddr: 8,
  daddr: 9,
  protocol: 10,
  'proto-src': 11,
  'proto-dst': 12,
  label: 13,
  packets: 14,
  bytes: 15,
  avgpkt: 16,
  zone: 17,
  event: 18,
  'ip saddr': 19,
  'ip daddr': 20,
  'ip6 saddr': 21,
  'ip6 daddr': 22,
  id: 23
})

/** `IP_CT_DIR_*`, linux/netfilter/nf_conntrack_tuple_common.h */
export const ctDirection = enumeration(u8, { original: 0, reply: 1 })

/** Reads or sets something of the packet's connection. `NFTA_CT_*`, linux/netfilter/nf_tables.h */
export const ct = defineExpression({
  name: 'ct',
  fields: {
    key: required(attribute(2, ctKey)),
    direction: attribute(3, ctDirection),
    destinationRegister: attribute(1, register),
    sourceRegister: attribute(4, register)
  }
})
