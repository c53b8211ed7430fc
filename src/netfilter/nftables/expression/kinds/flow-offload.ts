import { attribute, required } from '../../../../codec/index.js'
import { nftName } from '../../names.js'
import { defineExpression } from '../kind.js'

/** Puts the connection into a flowtable. `NFTA_FLOW_*`, linux/netfilter/nf_tables.h */
export const flowOffload = defineExpression({
  name: 'flow_offload',
  fields: { flowtable: required(attribute(1, nftName)) }
})
