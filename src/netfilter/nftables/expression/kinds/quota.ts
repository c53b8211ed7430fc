import { attribute, be32, be64, flags, required } from '../../../../codec/index.js'
import { defineExpression } from '../kind.js'

/** `NFTA_QUOTA_*`, linux/netfilter/nf_tables.h */
export const quotaFields = {
  bytes: required(attribute(1, be64)),
  consumed: attribute(4, be64),
  /** With `over`, it matches once the quota is used up. */
  flags: attribute(2, flags(be32, { over: 1, depleted: 2 }))
}

/** Matches until so many bytes have passed. */
export const quota = defineExpression({ name: 'quota', fields: quotaFields })
