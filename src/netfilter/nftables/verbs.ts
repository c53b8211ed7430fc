import { chainVerbs } from './chain/verbs.js'
import { flowtableVerbs } from './flowtable/verbs.js'
import { objectVerbs } from './object/verbs.js'
import { ruleVerbs } from './rule/verbs.js'
import type { Step, TransactionScope } from './scope.js'
import { elementVerbs, setVerbs } from './set/verbs.js'
import { tableVerbs } from './table/verbs.js'

/** What a transaction can do, by the kind of object. */
export const verbs = {
  tables: tableVerbs,
  chains: chainVerbs,
  rules: ruleVerbs,
  sets: setVerbs,
  elements: elementVerbs,
  objects: objectVerbs,
  flowtables: flowtableVerbs
} as const

type VerbArguments<F> = F extends (scope: TransactionScope, ...args: infer Args) => Step ? Args : never

/** The verbs of one kind of object in a transaction: each checks its input and returns the operation's number. */
export type TransactionVerbs<V> = {
  readonly [K in keyof V]: (...args: VerbArguments<V[K]>) => number
}

/** Makes the verbs of a transaction. */
export function bindVerbs<V extends object>(
  table: V,
  scope: TransactionScope,
  add: (step: Step) => number
): TransactionVerbs<V> {
  const bound = Object.entries(table).map(([verb, make]) => [
    verb,
    (...args: never[]): number =>
      add((make as (scope: TransactionScope, ...args: never[]) => Step)(scope, ...args))
  ])
  return Object.fromEntries(bound) as TransactionVerbs<V>
}
