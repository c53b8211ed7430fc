import { attribute, be32, enumeration, required } from '../../../../codec/index.js'
import { register } from '../../register.js'
import { defineExpression } from '../kind.js'

/** Turns numbers from host to network byte order, or back. `NFTA_BYTEORDER_*`, linux/netfilter/nf_tables.h */
export const byteorder = defineExpression({
  name: 'byteorder',
  fields: {
    sourceRegister: required(attribute(1, register)),
    destinationRegister: required(attribute(2, register)),
    operation: required(attribute(3, enumeration(be32, { 'network-to-host': 0, 'host-to-network': 1 }))),
    /** Bytes in all, and of each number. */
    length: required(attribute(4, be32)),
    size: required(attribute(5, be32))
  }
})
