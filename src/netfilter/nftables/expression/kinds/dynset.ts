import { attribute, be32, be64, enumeration, flags, list, required } from '../../../../codec/index.js'
import { nftName } from '../../names.js'
import { register } from '../../register.js'
import { defineExpression } from '../kind.js'
import { statefulExpression } from '../stateful.js'

/** `NFT_DYNSET_OP_*`, linux/netfilter/nf_tables.h */
export const dynsetOperation = enumeration(be32, { add: 0, update: 1, delete: 2 })

/** Adds an element to a set, or refreshes or removes it. `NFTA_DYNSET_*`, linux/netfilter/nf_tables.h */
export const dynset = defineExpression({
  name: 'dynset',
  fields: {
    set: required(attribute(1, nftName)),
    /** The id that the set has within the transaction that makes it. */
    setId: attribute(2, be32),
    operation: required(attribute(3, dynsetOperation)),
    keyRegister: required(attribute(4, register)),
    dataRegister: attribute(5, register),
    /** Milliseconds; the set's own when absent. */
    timeout: attribute(6, be64),
    /** One expression that each new element gets. */
    expression: attribute(7, statefulExpression),
    /** Several. */
    expressions: attribute(10, list(statefulExpression, 1)),
    flags: attribute(9, flags(be32, { invert: 1, expressions: 2 }))
  },
  settle(expression) {
    // Told of every set, and refused for one without timeouts.
    if (expression['timeout'] === 0) delete expression['timeout']
  }
})
