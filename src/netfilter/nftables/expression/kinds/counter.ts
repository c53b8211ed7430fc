import { attribute, be64 } from '../../../../codec/index.js'
import { defineExpression } from '../kind.js'

/** `NFTA_COUNTER_*`, linux/netfilter/nf_tables.h */
export const counterFields = { bytes: attribute(1, be64), packets: attribute(2, be64) }

/** Counts packets and bytes. */
export const counter = defineExpression({ name: 'counter', fields: counterFields })
