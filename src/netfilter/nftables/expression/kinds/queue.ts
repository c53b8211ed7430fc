import { attribute, be16, flags } from '../../../../codec/index.js'
import { register } from '../../register.js'
import { defineExpression } from '../kind.js'

/** Hands the packet to a program by way of nfnetlink_queue. `NFTA_QUEUE_*`, linux/netfilter/nf_tables.h */
export const queue = defineExpression({
  name: 'queue',
  fields: {
    number: attribute(1, be16),
    /** How many queues there are from `number` on. */
    total: attribute(2, be16),
    flags: attribute(3, flags(be16, { bypass: 1, fanout: 2 })),
    numberRegister: attribute(4, register)
  }
})
