import { planned, present } from './field.js'
import type { Field } from './field.js'

/** A property that is the same for all objects of a record, and lies nowhere on the wire: it tells their kind. */
export function tag<const T extends string>(value: T): Field<T, T> & { readonly present: true } {
  const field: Field<T, T> = {
    types: [],
    write() {
      // Who looks for the kind of an object finds its record by it: it is right.
    },
    readHeader(target, key) {
      target[key] = value
    }
  }
  const plan = {
    place: 'code' as const,
    code: {
      size: 0,
      write: (): string => '',
      readHeader: (assign: (value: string) => string): string => assign(JSON.stringify(value)),
      readAttribute: (): string => ''
    }
  }
  return present(planned(field, plan))
}
