import { attribute, be32, enumeration, required, flags } from '../../../../codec/index.js'
import { register } from '../../register.js'
import { defineExpression } from '../kind.js'

/** `NFT_PAYLOAD_*`, linux/netfilter/nf_tables.h */
export const payloadBase = enumeration(be32, { link: 0, network: 1, transport: 2, inner: 3, tunnel: 4 })
export const payloadChecksum = enumeration(be32, { none: 0, inet: 1, sctp: 2 })

/** Reads bytes of the packet into a register, or writes them from one. `NFTA_PAYLOAD_*`, linux/netfilter/nf_tables.h */
export const payload = defineExpression({
  name: 'payload',
  fields: {
    destinationRegister: attribute(1, register),
    sourceRegister: attribute(5, register),
    base: required(attribute(2, payloadBase)),
    /** Bytes from the start of the header. */
    offset: required(attribute(3, be32)),
    length: required(attribute(4, be32)),
    checksumType: attribute(6, payloadChecksum),
    checksumOffset: attribute(7, be32),
    checksumFlags: attribute(8, flags(be32, { 'pseudo-header': 1 }))
  }
})
