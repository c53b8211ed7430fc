import { attribute, be16, be32, flags, u8 } from '../../../../codec/index.js'
import { defineExpression } from '../kind.js'

/** `NFTA_SYNPROXY_*`, linux/netfilter/nf_tables.h; `NF_SYNPROXY_OPT_*`, linux/netfilter/nf_synproxy.h */
export const synproxyFields = {
  mss: attribute(1, be16),
  wscale: attribute(2, u8),
  flags: attribute(3, flags(be32, { mss: 1, wscale: 2, 'sack-perm': 4, timestamp: 8, ecn: 16 }))
}

/** Answers SYNs in place of the server. */
export const synproxy = defineExpression({ name: 'synproxy', fields: synproxyFields })
