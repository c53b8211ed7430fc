import type { Field } from '../../codec/index.js'

/** Attributes that are known and left out: what another one says better, or what costs more than it tells. */
export function ignored(...numbers: readonly number[]): Field<never, never> {
  return { types: numbers, readAttribute: () => true }
}
