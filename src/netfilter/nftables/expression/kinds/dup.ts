import { attribute } from '../../../../codec/index.js'
import { register } from '../../register.js'
import { defineExpression } from '../kind.js'

/** Sends a copy of the packet elsewhere. `NFTA_DUP_*`, linux/netfilter/nf_tables.h */
export const dup = defineExpression({
  name: 'dup',
  fields: { addressRegister: attribute(1, register), deviceRegister: attribute(2, register) }
})
