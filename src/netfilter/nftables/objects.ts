import type { CallOptions } from '../../netlink/index.js'
import type { Chain, ChainRef, ChainSpec } from './chain/chain.js'
import { chainVerbs } from './chain/verbs.js'
import type { OpenConnection } from '../netfilter-connection.js'
import { chainDump, elementDump, flowtableDump, objectDump, ruleDump, setDump, tableDump } from './dump.js'
import type { NftFilter, RuleFilter } from './dump.js'
import type { NftFamily } from './family.js'
import type { Flowtable, FlowtableRef, FlowtableSpec } from './flowtable/flowtable.js'
import { flowtableVerbs } from './flowtable/verbs.js'
import type { ObjectRef, ObjectSpec, StatefulObject } from './object/object.js'
import { objectVerbs } from './object/verbs.js'
import { runVerb } from './object-verbs.js'
import type { Rule, RuleChain, RuleRef, RuleSpec } from './rule/rule.js'
import { ruleVerbs } from './rule/verbs.js'
import { findSet } from './set/find.js'
import { layoutOf } from './set/set.js'
import { addManyElements } from './set/add-many.js'
import type { AddManyOptions } from './set/add-many.js'
import type { ElementKey, ElementSpec, SetElement } from './set/element.js'
import { readElements } from './set/read-elements.js'
import type { NftSet, SetSpec } from './set/set.js'
import { elementVerbs, setVerbs } from './set/verbs.js'
import type { ElementSet, SetRef } from './set/verbs.js'
import type { Table, TableRef, TableSpec } from './table/table.js'
import { tableVerbs } from './table/verbs.js'

/** The tables of the rule set. Each verb is a transaction of its own. */
export class Tables {
  readonly #open: OpenConnection

  constructor(open: OpenConnection) {
    this.#open = open
  }

  /** Makes a table, or sets the flags of one that is there. */
  async add(table: TableSpec, options?: CallOptions): Promise<void> {
    await runVerb(this.#open, (scope) => tableVerbs.add(scope, table), options)
  }

  /** Makes a table; `EEXIST` if it is there already. */
  async create(table: TableSpec, options?: CallOptions): Promise<Table> {
    return (await runVerb(this.#open, (scope) => tableVerbs.create(scope, table), options, true)) as Table
  }

  /** Deletes a table and all that it holds; `ENOENT` if it isn't there. */
  async delete(table: TableRef, options?: CallOptions): Promise<void> {
    await runVerb(this.#open, (scope) => tableVerbs.delete(scope, table), options)
  }

  /** Deletes a table if it is there. */
  async destroy(table: TableRef, options?: CallOptions): Promise<void> {
    await runVerb(this.#open, (scope) => tableVerbs.destroy(scope, table), options)
  }

  async list(filter: { readonly family?: NftFamily } = {}, options?: CallOptions): Promise<Table[]> {
    return (await this.#open()).list(tableDump(filter), options)
  }
}

/** The chains of the rule set. Each verb is a transaction of its own. */
export class Chains {
  readonly #open: OpenConnection

  constructor(open: OpenConnection) {
    this.#open = open
  }

  /** Makes a chain, or sets the policy of one that is there. */
  async add(chain: ChainSpec, options?: CallOptions): Promise<void> {
    await runVerb(this.#open, (scope) => chainVerbs.add(scope, chain), options)
  }

  /** Makes a chain; `EEXIST` if it is there already. */
  async create(chain: ChainSpec, options?: CallOptions): Promise<Chain> {
    return (await runVerb(this.#open, (scope) => chainVerbs.create(scope, chain), options, true)) as Chain
  }

  /** Deletes a chain; `EBUSY` while something refers to it. */
  async delete(chain: ChainRef, options?: CallOptions): Promise<void> {
    await runVerb(this.#open, (scope) => chainVerbs.delete(scope, chain), options)
  }

  /** Gives a chain another name. */
  async rename(chain: Chain, name: string, options?: CallOptions): Promise<void> {
    await runVerb(this.#open, (scope) => chainVerbs.rename(scope, chain, name), options)
  }

  async list(filter: NftFilter = {}, options?: CallOptions): Promise<Chain[]> {
    return (await this.#open()).list(chainDump(filter), options)
  }
}

/** The rules of the rule set. Each verb is a transaction of its own. */
export class NftRules {
  readonly #open: OpenConnection

  constructor(open: OpenConnection) {
    this.#open = open
  }

  /** Adds a rule at the end of its chain, or behind `position`; gives it as the kernel made it, with its handle. */
  async add(rule: RuleSpec, options?: CallOptions): Promise<Rule> {
    return (await runVerb(this.#open, (scope) => ruleVerbs.add(scope, rule), options, true)) as Rule
  }

  /** Adds a rule at the start of its chain, or before `position`. */
  async insert(rule: RuleSpec, options?: CallOptions): Promise<Rule> {
    return (await runVerb(this.#open, (scope) => ruleVerbs.insert(scope, rule), options, true)) as Rule
  }

  /** Puts a rule in place of another. */
  async replace(place: Pick<RuleRef, 'handle'>, rule: RuleSpec, options?: CallOptions): Promise<Rule> {
    const make = ruleVerbs.replace
    return (await runVerb(this.#open, (scope) => make(scope, place, rule), options, true)) as Rule
  }

  /** Deletes a rule; `ENOENT` if it isn't there. */
  async delete(rule: RuleRef, options?: CallOptions): Promise<void> {
    await runVerb(this.#open, (scope) => ruleVerbs.delete(scope, rule), options)
  }

  /** Deletes every rule of a chain, or of a whole table. */
  async flush(
    place: Omit<RuleChain, 'chain'> & { readonly chain?: string },
    options?: CallOptions
  ): Promise<void> {
    await runVerb(this.#open, (scope) => ruleVerbs.flush(scope, place), options)
  }

  /** In the order in which packets see them, chain by chain. */
  async list(filter: RuleFilter = {}, options?: CallOptions): Promise<Rule[]> {
    return (await this.#open()).list(ruleDump(filter), options)
  }
}

/** The sets and maps of the rule set. Each verb is a transaction of its own. */
export class Sets {
  readonly #open: OpenConnection

  constructor(open: OpenConnection) {
    this.#open = open
  }

  /** Makes a set or a map; nothing happens if it is there already. */
  async add(set: SetSpec, options?: CallOptions): Promise<void> {
    await runVerb(this.#open, (scope) => setVerbs.add(scope, set), options)
  }

  /** Makes a set or a map; `EEXIST` if it is there already. */
  async create(set: SetSpec, options?: CallOptions): Promise<NftSet> {
    return (await runVerb(this.#open, (scope) => setVerbs.create(scope, set), options, true)) as NftSet
  }

  /** Deletes a set; `EBUSY` while a rule uses it. */
  async delete(set: SetRef, options?: CallOptions): Promise<void> {
    await runVerb(this.#open, (scope) => setVerbs.delete(scope, set), options)
  }

  /** Throws `ENOENT` if it isn't there. */
  async get({ family, table, name }: SetRef, options?: CallOptions): Promise<NftSet> {
    return (await this.#open()).run(findSet({ family, table, set: name }), options)
  }

  /** Without those that belong to one rule, unless `anonymous` is true. */
  async list(
    filter: NftFilter & { readonly anonymous?: boolean } = {},
    options?: CallOptions
  ): Promise<NftSet[]> {
    const { anonymous = false, ...rest } = filter
    const found = await (await this.#open()).list(setDump(rest), options)
    return anonymous ? found : found.filter((set) => set.anonymous !== true)
  }
}

/** The elements of sets and maps. Each verb is a transaction of its own. */
export class Elements {
  readonly #open: OpenConnection

  constructor(open: OpenConnection) {
    this.#open = open
  }

  /** Adds elements; those that are there already stay as they are. */
  async add(
    set: ElementSet,
    elements: Iterable<ElementSpec | ElementKey>,
    options?: CallOptions
  ): Promise<void> {
    await runVerb(this.#open, (scope) => elementVerbs.add(scope, set, elements), options)
  }

  /**
   * Adds as many elements as there are, in transactions of some ten thousand: a million, out of a generator, take little
   * memory. Gives how many there were. Where one is refused, those of earlier transactions stay.
   */
  async addMany(
    set: ElementSet,
    elements: Iterable<ElementSpec | ElementKey> | AsyncIterable<ElementSpec | ElementKey>,
    options: AddManyOptions = {}
  ): Promise<number> {
    return addManyElements(this.#open, set, elements, options)
  }

  /** Adds elements; `EEXIST` if one is there already. */
  async create(
    set: ElementSet,
    elements: Iterable<ElementSpec | ElementKey>,
    options?: CallOptions
  ): Promise<void> {
    await runVerb(this.#open, (scope) => elementVerbs.create(scope, set, elements), options)
  }

  /** Deletes elements by their keys; `ENOENT` if one isn't there. */
  async delete(
    set: ElementSet,
    elements: Iterable<ElementSpec | ElementKey>,
    options?: CallOptions
  ): Promise<void> {
    await runVerb(this.#open, (scope) => elementVerbs.delete(scope, set, elements), options)
  }

  /** Deletes every element of a set. */
  async flush(set: SetRef, options?: CallOptions): Promise<void> {
    await runVerb(this.#open, (scope) => elementVerbs.flush(scope, set), options)
  }

  /** The elements of a set, of which only the name must be known. */
  async list(set: ElementSet, options: CallOptions = {}): Promise<SetElement[]> {
    const connection = await this.#open()
    const call = connection.settings(options)
    const { family, table, name } = set
    const known =
      'key' in set || 'keyLength' in set
        ? set
        : await connection.run(findSet({ family, table, set: name }, 'elements.list'), call)
    const lists = await connection.list(elementDump(set), call)
    return readElements(layoutOf(known), lists.flat())
  }
}

/** The stateful objects of the rule set. Each verb is a transaction of its own. */
export class StatefulObjects {
  readonly #open: OpenConnection

  constructor(open: OpenConnection) {
    this.#open = open
  }

  /** Makes an object, or changes the limits of one that is there. */
  async add(object: ObjectSpec, options?: CallOptions): Promise<void> {
    await runVerb(this.#open, (scope) => objectVerbs.add(scope, object), options)
  }

  /** Makes an object; `EEXIST` if it is there already. */
  async create(object: ObjectSpec, options?: CallOptions): Promise<StatefulObject> {
    const make = objectVerbs.create
    return (await runVerb(this.#open, (scope) => make(scope, object), options, true)) as StatefulObject
  }

  /** Deletes an object; `EBUSY` while something uses it. */
  async delete(object: ObjectRef, options?: CallOptions): Promise<void> {
    await runVerb(this.#open, (scope) => objectVerbs.delete(scope, object), options)
  }

  async list(filter: NftFilter = {}, options?: CallOptions): Promise<StatefulObject[]> {
    return (await this.#open()).list(objectDump(filter), options)
  }

  /** Gives them as they were, and sets their counters to zero. */
  async reset(filter: NftFilter = {}, options?: CallOptions): Promise<StatefulObject[]> {
    return (await this.#open()).list(objectDump(filter, true), options)
  }
}

/** The flowtables of the rule set. Each verb is a transaction of its own. */
export class Flowtables {
  readonly #open: OpenConnection

  constructor(open: OpenConnection) {
    this.#open = open
  }

  /** Makes a flowtable, or adds devices to one that is there. */
  async add(flowtable: FlowtableSpec, options?: CallOptions): Promise<void> {
    await runVerb(this.#open, (scope) => flowtableVerbs.add(scope, flowtable), options)
  }

  /** Makes a flowtable; `EEXIST` if it is there already. */
  async create(flowtable: FlowtableSpec, options?: CallOptions): Promise<Flowtable> {
    const make = flowtableVerbs.create
    return (await runVerb(this.#open, (scope) => make(scope, flowtable), options, true)) as Flowtable
  }

  /** Deletes a flowtable; `EBUSY` while a rule uses it. */
  async delete(flowtable: FlowtableRef, options?: CallOptions): Promise<void> {
    await runVerb(this.#open, (scope) => flowtableVerbs.delete(scope, flowtable), options)
  }

  async list(filter: NftFilter = {}, options?: CallOptions): Promise<Flowtable[]> {
    return (await this.#open()).list(flowtableDump(filter), options)
  }
}
