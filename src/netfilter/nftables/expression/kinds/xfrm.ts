import { attribute, be32, enumeration, required, u8 } from '../../../../codec/index.js'
import { register } from '../../register.js'
import { defineExpression } from '../kind.js'

/** `NFT_XFRM_KEY_*`, linux/netfilter/nf_tables.h */
export const xfrmKey = enumeration(be32, {
  'ip daddr': 1,
  'ip6 daddr': 2,
  'ip saddr': 3,
  'ip6 saddr': 4,
  reqid: 5,
  spi: 6
})

/** Reads something of the IPsec state that a packet came or goes by. `NFTA_XFRM_*`, linux/netfilter/nf_tables.h */
export const xfrm = defineExpression({
  name: 'xfrm',
  fields: {
    destinationRegister: required(attribute(1, register)),
    key: required(attribute(2, xfrmKey)),
    /** `XFRM_POLICY_*`, linux/xfrm.h */
    direction: attribute(3, enumeration(u8, { in: 0, out: 1 })),
    spnum: attribute(4, be32)
  }
})
