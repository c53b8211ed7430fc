import { attribute, be32, enumeration, required } from '../../../../codec/index.js'
import { register } from '../../register.js'
import { defineExpression } from '../kind.js'

/** `NFT_SOCKET_*`, linux/netfilter/nf_tables.h */
export const socketKey = enumeration(be32, { transparent: 0, mark: 1, wildcard: 2, cgroupv2: 3 })

/** Reads something of the local socket that the packet belongs to. `NFTA_SOCKET_*`, linux/netfilter/nf_tables.h */
export const socket = defineExpression({
  name: 'socket',
  fields: {
    key: required(attribute(1, socketKey)),
    destinationRegister: required(attribute(2, register)),
    /** Of `cgroupv2`: which ancestor, from 1. */
    level: attribute(3, be32)
  }
})
