import type { Operation, RequestDescription } from '../../netlink/index.js'
import type { NftFamily } from './family.js'
import type { KnownSet } from './rule/builder.js'
import type { SetLayout } from './set/layout.js'

/** Where a set is. */
export interface SetPlace {
  readonly family: NftFamily
  readonly table: string
  readonly set: string
}

/** What the operations of one transaction know of each other. */
export class TransactionScope {
  #ids = 0
  readonly #sets = new Map<string, KnownSet & { readonly layout: SetLayout }>()

  /** A number for something that the transaction makes, by which others refer to it. */
  nextId(): number {
    return ++this.#ids
  }

  /** Remembers a set that the transaction makes. */
  rememberSet(place: SetPlace, set: KnownSet & { readonly layout: SetLayout }): void {
    this.#sets.set(keyOf(place), set)
  }

  knownSet(place: SetPlace): (KnownSet & { readonly layout: SetLayout }) | undefined {
    return this.#sets.get(keyOf(place))
  }
}

const keyOf = ({ family, table, set }: SetPlace): string => `${family}\0${table}\0${set}`

/** What a verb asks for: messages, of which some can only be written once a set is known. */
export interface Step {
  readonly request: RequestDescription
  readonly operations: readonly Operation<unknown>[] | undefined
  /** Of a step whose messages depend on the types of a set that was made before. */
  readonly deferred?: { readonly set: SetPlace; finish(layout: SetLayout): readonly Operation<unknown>[] }
}

/** A step of messages that are known. */
export const step = (request: RequestDescription, ...operations: Operation<unknown>[]): Step => ({
  request,
  operations
})

/** A verb of a transaction. */
export type Verb = (scope: TransactionScope, ...args: never[]) => Step
