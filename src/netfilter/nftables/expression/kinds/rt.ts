import { attribute, be32, enumeration, required } from '../../../../codec/index.js'
import { register } from '../../register.js'
import { defineExpression } from '../kind.js'

/** `NFT_RT_*`, linux/netfilter/nf_tables.h */
export const rtKey = enumeration(be32, { classid: 0, 'ip nexthop': 1, 'ip6 nexthop': 2, mtu: 3, ipsec: 4 })

/** Reads something of the packet's route. `NFTA_RT_*`, linux/netfilter/nf_tables.h */
export const rt = defineExpression({
  name: 'rt',
  fields: { key: required(attribute(2, rtKey)), destinationRegister: required(attribute(1, register)) }
})
