import { attribute, be32, enumeration, flags, required } from '../../../../codec/index.js'
import { register } from '../../register.js'
import { defineExpression } from '../kind.js'

/** `NFT_FIB_RESULT_*` and `NFTA_FIB_F_*`, linux/netfilter/nf_tables.h */
export const fibResult = enumeration(be32, { oif: 1, oifname: 2, type: 3 })
export const fibFlags = flags(be32, { saddr: 1, daddr: 2, mark: 4, iif: 8, oif: 16, present: 32 })

/** Looks an address of the packet up in the routing tables. `NFTA_FIB_*`, linux/netfilter/nf_tables.h */
export const fib = defineExpression({
  name: 'fib',
  fields: {
    destinationRegister: required(attribute(1, register)),
    result: required(attribute(2, fibResult)),
    flags: required(attribute(3, fibFlags))
  }
})
