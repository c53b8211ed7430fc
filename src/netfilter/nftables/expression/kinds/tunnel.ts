import { attribute, be32, enumeration, required } from '../../../../codec/index.js'
import { register } from '../../register.js'
import { defineExpression } from '../kind.js'

/** Reads something of the tunnel that a packet came by. `NFTA_TUNNEL_*`, linux/netfilter/nf_tables.h */
export const tunnel = defineExpression({
  name: 'tunnel',
  fields: {
    key: required(attribute(1, enumeration(be32, { path: 0, id: 1 }))),
    destinationRegister: required(attribute(2, register)),
    mode: attribute(3, enumeration(be32, { none: 0, rx: 1, tx: 2 }))
  }
})
