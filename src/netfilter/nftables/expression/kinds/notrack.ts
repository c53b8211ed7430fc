import { defineExpression } from '../kind.js'

/** Keeps connection tracking from the packet. It has no attributes. */
export const notrack = defineExpression({ name: 'notrack', fields: {} })
