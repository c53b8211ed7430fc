import { attribute } from '../../../../codec/index.js'
import { register } from '../../register.js'
import { defineExpression } from '../kind.js'
import { natFlags } from './nat.js'

/** Leads the connection to this machine. `NFTA_REDIR_*`, linux/netfilter/nf_tables.h */
export const redir = defineExpression({
  name: 'redir',
  fields: {
    portRegister: attribute(1, register),
    portEndRegister: attribute(2, register),
    flags: attribute(3, natFlags)
  }
})
