import { attribute, be32, enumeration, required } from '../../../../codec/index.js'
import { register } from '../../register.js'
import { defineExpression } from '../kind.js'

/** Hashes registers (`jenkins`) or the flow (`symmetric`). `NFTA_HASH_*`, linux/netfilter/nf_tables.h */
export const hash = defineExpression({
  name: 'hash',
  fields: {
    sourceRegister: attribute(1, register),
    destinationRegister: required(attribute(2, register)),
    length: attribute(3, be32),
    modulus: required(attribute(4, be32)),
    seed: attribute(5, be32),
    offset: attribute(6, be32),
    type: attribute(7, enumeration(be32, { jenkins: 0, symmetric: 1 }))
  }
})
