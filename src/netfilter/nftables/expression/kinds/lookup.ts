import { attribute, be32, flags, required } from '../../../../codec/index.js'
import { nftName } from '../../names.js'
import { register } from '../../register.js'
import { defineExpression } from '../kind.js'

/** Looks a register up in a set, or maps it. `NFTA_LOOKUP_*`, linux/netfilter/nf_tables.h */
export const lookup = defineExpression({
  name: 'lookup',
  fields: {
    sourceRegister: required(attribute(2, register)),
    /** Where the value goes that a map has; absent for a set. */
    destinationRegister: attribute(3, register),
    set: required(attribute(1, nftName)),
    /** The id that the set has within the transaction that makes it. */
    setId: attribute(4, be32),
    flags: attribute(5, flags(be32, { invert: 1 }))
  }
})
