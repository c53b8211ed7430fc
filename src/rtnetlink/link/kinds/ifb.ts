import { defineKind } from '../kind.js'

/** The intermediate functional block: packets are redirected to it to be shaped (drivers/net/ifb.c). */
export const ifb = defineKind({ name: 'ifb' })
