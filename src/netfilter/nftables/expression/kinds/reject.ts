import { attribute, be32, enumeration, required, u8 } from '../../../../codec/index.js'
import { defineExpression } from '../kind.js'

/** Drops the packet and tells the sender. `NFTA_REJECT_*`, linux/netfilter/nf_tables.h */
export const reject = defineExpression({
  name: 'reject',
  fields: {
    /** `NFT_REJECT_*`: an ICMP code of the family, a TCP reset, or a code that suits either family. */
    type: required(attribute(1, enumeration(be32, { icmp: 0, 'tcp reset': 1, icmpx: 2 }))),
    code: attribute(2, u8)
  }
})
