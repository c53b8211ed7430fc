import { attribute, be32, be64, enumeration, flags, required } from '../../../../codec/index.js'
import { defineExpression } from '../kind.js'

/** `NFTA_LIMIT_*`, linux/netfilter/nf_tables.h */
export const limitFields = {
  /** Packets, or bytes, a `unit`. */
  rate: required(attribute(1, be64)),
  /** Seconds. */
  unit: required(attribute(2, be64)),
  burst: attribute(3, be32),
  type: attribute(4, enumeration(be32, { packets: 0, bytes: 1 })),
  /** With `over`, it matches what is past the limit. */
  flags: attribute(5, flags(be32, { over: 1 }))
}

/** Matches up to a rate. */
export const limit = defineExpression({ name: 'limit', fields: limitFields })
