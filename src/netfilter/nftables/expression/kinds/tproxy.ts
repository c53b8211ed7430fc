import { attribute, be32, enumeration } from '../../../../codec/index.js'
import { register } from '../../register.js'
import { defineExpression } from '../kind.js'

/** Gives the packet to a local, transparent socket. `NFTA_TPROXY_*`, linux/netfilter/nf_tables.h */
export const tproxy = defineExpression({
  name: 'tproxy',
  fields: {
    family: attribute(1, enumeration(be32, { unspec: 0, ip: 2, ip6: 10 })),
    addressRegister: attribute(2, register),
    portRegister: attribute(3, register)
  }
})
