import { attribute, be32, enumeration, required } from '../../../../codec/index.js'
import { register } from '../../register.js'
import { defineExpression } from '../kind.js'

/** `NFT_META_*`, linux/netfilter/nf_tables.h, as nft names them. */
export const metaKey = enumeration(be32, {
  length: 0,
  protocol: 1,
  priority: 2,
  mark: 3,
  iif: 4,
  oif: 5,
  iifname: 6,
  oifname: 7,
  iiftype: 8,
  oiftype: 9,
  skuid: 10,
  skgid: 11,
  nftrace: 12,
  rtclassid: 13,
  secmark: 14,
  nfproto: 15,
  l4proto: 16,
  ibrname: 17,
  obrname: 18,
  pkttype: 19,
  cpu: 20,
  iifgroup: 21,
  oifgroup: 22,
  cgroup: 23,
  random: 24,
  ipsec: 25,
  iifkind: 26,
  oifkind: 27,
  ibrpvid: 28,
  ibrvproto: 29,
  time: 30,
  day: 31,
  hour: 32,
  sdif: 33,
  sdifname: 34,
  broute: 35,
  ibrhwaddr: 36
})

/** Reads what the kernel knows about the packet, or sets it. `NFTA_META_*`, linux/netfilter/nf_tables.h */
export const meta = defineExpression({
  name: 'meta',
  fields: {
    key: required(attribute(2, metaKey)),
    destinationRegister: attribute(1, register),
    sourceRegister: attribute(3, register)
  }
})
