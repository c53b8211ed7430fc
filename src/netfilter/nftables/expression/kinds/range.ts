import { attribute, be32, enumeration, required } from '../../../../codec/index.js'
import { data } from '../../data.js'
import { register } from '../../register.js'
import { defineExpression } from '../kind.js'

/** Ends the rule unless a register lies within a range, or outside it. `NFTA_RANGE_*`, linux/netfilter/nf_tables.h */
export const range = defineExpression({
  name: 'range',
  fields: {
    sourceRegister: required(attribute(1, register)),
    operator: required(attribute(2, enumeration(be32, { '==': 0, '!=': 1 }))),
    from: required(attribute(3, data)),
    to: required(attribute(4, data))
  }
})
