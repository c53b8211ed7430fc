import { attribute, be32 } from '../../../../codec/index.js'
import { nftName } from '../../names.js'
import { objectType } from '../../object/type.js'
import { register } from '../../register.js'
import { defineExpression } from '../kind.js'

/** Runs a stateful object, by its name or out of a map. `NFTA_OBJREF_*`, linux/netfilter/nf_tables.h */
export const objref = defineExpression({
  name: 'objref',
  fields: {
    type: attribute(1, objectType),
    name: attribute(2, nftName),
    sourceRegister: attribute(3, register),
    set: attribute(4, nftName),
    setId: attribute(5, be32)
  }
})
