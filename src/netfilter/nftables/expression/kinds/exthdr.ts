import { attribute, be32, enumeration, flags, u8 } from '../../../../codec/index.js'
import { register } from '../../register.js'
import { defineExpression } from '../kind.js'

/** `NFT_EXTHDR_OP_*`, linux/netfilter/nf_tables.h */
export const exthdrOperation = enumeration(be32, { ipv6: 0, tcpopt: 1, ipv4: 2, sctp: 3, dccp: 4 })

/** Reads or writes IPv6 extension headers, TCP and IPv4 options, and SCTP chunks. `NFTA_EXTHDR_*`, linux/netfilter/nf_tables.h */
export const exthdr = defineExpression({
  name: 'exthdr',
  fields: {
    destinationRegister: attribute(1, register),
    /** Writes a TCP option. Without any register the option is overwritten by padding. */
    sourceRegister: attribute(7, register),
    /** The number of the header, option or chunk. */
    type: attribute(2, u8),
    offset: attribute(3, be32),
    length: attribute(4, be32),
    operation: attribute(6, exthdrOperation),
    /** With `present`, the register tells whether it is there. */
    flags: attribute(5, flags(be32, { present: 1 }))
  },
  settle(expression) {
    const { destinationRegister, sourceRegister, flags: given } = expression
    if (Array.isArray(given) && given.length === 0) delete expression['flags']
    if (destinationRegister !== undefined || sourceRegister !== undefined) return
    delete expression['offset']
    delete expression['length']
  }
})
