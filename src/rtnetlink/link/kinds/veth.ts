import { defineKind } from '../kind.js'

/** `VETH_INFO_PEER`, linux/veth.h */
const peer = 1

/** A pair of links: what is sent into one end comes out of the other (veth(4)). */
export const veth = defineKind({ name: 'veth', peer })
