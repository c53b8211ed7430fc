import { attribute, be32, enumeration, flags, required } from '../../../../codec/index.js'
import { register } from '../../register.js'
import { defineExpression } from '../kind.js'

/** `NF_NAT_RANGE_*`, linux/netfilter/nf_nat.h */
export const natFlags = flags(be32, {
  'map-addresses': 1,
  'ports-given': 2,
  random: 4,
  persistent: 8,
  'fully-random': 16,
  'port-offset': 32,
  netmap: 64
})

/** Changes the source or destination of a connection. `NFTA_NAT_*`, linux/netfilter/nf_tables.h */
export const nat = defineExpression({
  name: 'nat',
  fields: {
    type: required(attribute(1, enumeration(be32, { snat: 0, dnat: 1 }))),
    family: required(attribute(2, enumeration(be32, { ip: 2, ip6: 10 }))),
    addressRegister: attribute(3, register),
    addressEndRegister: attribute(4, register),
    portRegister: attribute(5, register),
    portEndRegister: attribute(6, register),
    flags: attribute(7, natFlags)
  }
})
