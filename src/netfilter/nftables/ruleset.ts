import type { Chain } from './chain/chain.js'
import type { Flowtable } from './flowtable/flowtable.js'
import type { StatefulObject } from './object/object.js'
import type { Rule } from './rule/rule.js'
import type { SetElement } from './set/element.js'
import type { NftSet } from './set/set.js'
import type { Table } from './table/table.js'

/** A set, with its elements. */
export interface FilledSet extends NftSet {
  readonly elements: SetElement[]
}

/** A whole rule set, as typed objects. It can be written back: `transaction.restore(ruleset)`. */
export interface Ruleset {
  /** The generation that all of it is of. */
  readonly generation: number
  readonly tables: Table[]
  readonly chains: Chain[]
  readonly sets: FilledSet[]
  readonly objects: StatefulObject[]
  readonly flowtables: Flowtable[]
  readonly rules: Rule[]
}
