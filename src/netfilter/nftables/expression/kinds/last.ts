import { attribute, be32, be64 } from '../../../../codec/index.js'
import { defineExpression } from '../kind.js'

/** Remembers when it last ran. `NFTA_LAST_*`, linux/netfilter/nf_tables.h */
export const last = defineExpression({
  name: 'last',
  fields: {
    /** 1 if it ever ran. */
    set: attribute(1, be32),
    /** Milliseconds since then. */
    milliseconds: attribute(2, be64)
  }
})
