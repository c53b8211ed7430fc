import { attribute, be32, enumeration, required } from '../../../../codec/index.js'
import { data } from '../../data.js'
import { register } from '../../register.js'
import { defineExpression } from '../kind.js'

/** `NFT_CMP_*`, linux/netfilter/nf_tables.h */
export const comparison = enumeration(be32, { '==': 0, '!=': 1, '<': 2, '<=': 3, '>': 4, '>=': 5 })

/** Ends the rule unless a register compares so with a value, byte by byte. `NFTA_CMP_*`, linux/netfilter/nf_tables.h */
export const cmp = defineExpression({
  name: 'cmp',
  fields: {
    sourceRegister: required(attribute(1, register)),
    operator: required(attribute(2, comparison)),
    data: required(attribute(3, data))
  }
})
