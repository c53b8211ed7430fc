import { attribute, be32, enumeration, required } from '../../../../codec/index.js'
import { data } from '../../data.js'
import { register } from '../../register.js'
import { defineExpression } from '../kind.js'

/** `NFT_BITWISE_*`, linux/netfilter/nf_tables.h; the last three came with Linux 6.13. */
export const bitwiseOperation = enumeration(be32, {
  'mask-xor': 0,
  'left-shift': 1,
  'right-shift': 2,
  and: 3,
  or: 4,
  xor: 5
})

/** Computes on bits: `source & mask ^ xor`, or a shift by `data`. `NFTA_BITWISE_*`, linux/netfilter/nf_tables.h */
export const bitwise = defineExpression({
  name: 'bitwise',
  fields: {
    sourceRegister: required(attribute(1, register)),
    /** A second operand, in place of `data`. */
    source2Register: attribute(8, register),
    destinationRegister: required(attribute(2, register)),
    length: required(attribute(3, be32)),
    operation: attribute(6, bitwiseOperation),
    mask: attribute(4, data),
    xor: attribute(5, data),
    data: attribute(7, data)
  }
})
