import type { Field } from '../../codec/index.js'

/** An attribute that says nothing, such as the padding before 64-bit numbers on some machines. */
export const ignored = (number: number): Field<never, never> => ({
  types: [number],
  readAttribute: () => true
})
