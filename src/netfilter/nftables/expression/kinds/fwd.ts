import { attribute, be32, enumeration, required } from '../../../../codec/index.js'
import { register } from '../../register.js'
import { defineExpression } from '../kind.js'

/** Sends the packet out by another device. `NFTA_FWD_*`, linux/netfilter/nf_tables.h */
export const fwd = defineExpression({
  name: 'fwd',
  fields: {
    deviceRegister: required(attribute(1, register)),
    addressRegister: attribute(2, register),
    family: attribute(3, enumeration(be32, { ip: 2, ip6: 10 }))
  }
})
