import { attribute, be32, enumeration, required } from '../../../../codec/index.js'
import { register } from '../../register.js'
import { defineExpression } from '../kind.js'

/** Makes numbers: one after the other, or at random. `NFTA_NG_*`, linux/netfilter/nf_tables.h */
export const numgen = defineExpression({
  name: 'numgen',
  fields: {
    destinationRegister: required(attribute(1, register)),
    modulus: required(attribute(2, be32)),
    type: required(attribute(3, enumeration(be32, { incremental: 0, random: 1 }))),
    offset: attribute(4, be32)
  }
})
