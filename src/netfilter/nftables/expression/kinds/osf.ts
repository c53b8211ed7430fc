import { attribute, be32, enumeration, flags, required, u8 } from '../../../../codec/index.js'
import { register } from '../../register.js'
import { defineExpression } from '../kind.js'

/** Guesses the sender's operating system from a SYN. `NFTA_OSF_*`, linux/netfilter/nf_tables.h */
export const osf = defineExpression({
  name: 'osf',
  fields: {
    destinationRegister: required(attribute(1, register)),
    ttl: attribute(2, enumeration(u8, { strict: 0, loose: 1, skip: 2 })),
    flags: attribute(3, flags(be32, { version: 1 }))
  },
  settle(expression) {
    const { flags: given } = expression
    if (Array.isArray(given) && given.length === 0) delete expression['flags']
  }
})
