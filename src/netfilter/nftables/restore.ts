import type { Ruleset } from './ruleset.js'
import type { Step, TransactionScope } from './scope.js'
import { restoreSet } from './set/verbs.js'
import { verbs } from './verbs.js'

/** Turns a rule set that was read into what makes it again: everything before what refers to it. */
export function restoreRuleset(ruleset: Ruleset, scope: TransactionScope, add: (step: Step) => void): void {
  for (const table of ruleset.tables) {
    // Who owns it can't be handed on.
    const flags = table.flags.filter((flag) => flag === 'dormant')
    add(verbs.tables.add(scope, { ...table, flags }))
  }
  for (const chain of ruleset.chains) add(verbs.chains.add(scope, chain as never))
  for (const object of ruleset.objects) add(verbs.objects.add(scope, object))
  for (const flowtable of ruleset.flowtables) add(verbs.flowtables.add(scope, flowtable))
  for (const set of ruleset.sets) {
    const { elements, ...spec } = set
    add(restoreSet(scope, spec))
    if (elements.length > 0) add(verbs.elements.add(scope, spec, elements as never))
  }
  for (const rule of ruleset.rules) add(verbs.rules.add(scope, rule))
}
