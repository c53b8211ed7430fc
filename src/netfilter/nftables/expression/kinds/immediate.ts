import { attribute, required } from '../../../../codec/index.js'
import { data } from '../../data.js'
import { register } from '../../register.js'
import { defineExpression } from '../kind.js'

/** Puts a value into a register, or decides. `NFTA_IMMEDIATE_*`, linux/netfilter/nf_tables.h */
export const immediate = defineExpression({
  name: 'immediate',
  fields: {
    destinationRegister: required(attribute(1, register)),
    data: required(attribute(2, data))
  }
})
