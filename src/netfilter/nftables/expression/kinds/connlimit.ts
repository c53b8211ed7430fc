import { attribute, be32, flags, required } from '../../../../codec/index.js'
import { defineExpression } from '../kind.js'

/** `NFTA_CONNLIMIT_*`, linux/netfilter/nf_tables.h */
export const connlimitFields = {
  count: required(attribute(1, be32)),
  flags: attribute(2, flags(be32, { over: 1 }))
}

/** Matches up to a number of connections. */
export const connlimit = defineExpression({ name: 'connlimit', fields: connlimitFields })
