import { InvalidType } from '../../codec/index.js'
import type { Field, Fields, InOf, RecordInput } from '../../codec/index.js'

/** A property that is given when the link is made, and stays as it is. */
export interface Fixed {
  readonly fixed: true
}

/** Marks a field as one that the kernel takes only when the link is made. */
export function fixed<F extends Field<unknown, never>>(field: F): F & Fixed {
  return { ...field, fixed: true }
}

type FixedKeys<F> = { [K in keyof F]: F[K] extends Fixed ? K : never }[keyof F]
type RequiredKeys<F> = { [K in keyof F]: F[K] extends { readonly required: true } ? K : never }[keyof F]

/** What may be changed later: nothing has to be given. */
export type ChangeInput<F extends Fields> = Omit<RecordInput<F>, FixedKeys<F> | RequiredKeys<F>> & {
  [K in Exclude<RequiredKeys<F>, FixedKeys<F>>]?: InOf<F[K]> | undefined
}

/** The same fields for a change: none is required. */
export function changeable(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, field]) => [key, { ...field, required: false }])
  )
}

/** Refuses a change of what can't be changed. */
export function refuseFixed(fields: Fields, change: object): void {
  for (const [key, value] of Object.entries(change)) {
    if (value !== undefined && Object.hasOwn(fields, key) && 'fixed' in fields[key]!) {
      const expected = 'absent: it is fixed when the link is made'
      throw new InvalidType(value, expected, 'ERR_UNKNOWN_FIELD').within(key)
    }
  }
}
