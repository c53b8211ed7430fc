import { attribute } from '../../../../codec/index.js'
import { register } from '../../register.js'
import { defineExpression } from '../kind.js'
import { natFlags } from './nat.js'

/** Gives the connection the address of the link that it leaves by. `NFTA_MASQ_*`, linux/netfilter/nf_tables.h */
export const masq = defineExpression({
  name: 'masq',
  fields: {
    portRegister: attribute(2, register),
    portEndRegister: attribute(3, register),
    flags: attribute(1, natFlags)
  }
})
