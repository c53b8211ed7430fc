import { invalidType } from '../../codec/index.js'
import type { ErrorCode } from '../../error-codes.js'
import { NetloomError } from '../../netlink/index.js'
import { isBeginningOfId, isName, shortId } from './ids.js'
import { lastPart } from './keys.js'
import type { Key, ReadTransaction, WriteTransaction } from './store.js'

/** One kind of them. */
export interface RecordKind {
  /** What they are, in words: `'network'`. */
  readonly what: string
  /** All of them lie under it. */
  readonly prefix: Key
  readonly key: (id: string) => Key
  /** Where the id lies that has a name. */
  readonly nameKey: (name: string) => Key
  readonly exists: ErrorCode
  readonly notFound: ErrorCode
}

/** Records that have an id, and a name of their own. */
export class NamedRecords<T extends { readonly id: string; readonly name: string }> {
  readonly #kind: RecordKind

  constructor(kind: RecordKind) {
    this.#kind = kind
  }

  /** Adds one, or replaces what is known of it; its name stays. Throws if another has its name. */
  put(transaction: WriteTransaction, record: T): void {
    const { what, key, nameKey, exists } = this.#kind
    const named = transaction.get<string>(nameKey(record.name))
    if (named === undefined) transaction.put(nameKey(record.name), record.id)
    else if (named !== record.id) throw new NetloomError(exists, `there is a ${what} ${record.name} already`)
    transaction.put(key(record.id), record)
  }

  get(transaction: ReadTransaction, id: string): T | undefined {
    return transaction.get<T>(this.#kind.key(id))
  }

  /**
   * By its name, or by the beginning of its id, of at least 3 digits; a name goes first. Throws if there is none, and
   * `ERR_AMBIGUOUS_ID` if several ids begin so.
   */
  find(transaction: ReadTransaction, nameOrId: string): T {
    const { what, notFound } = this.#kind
    if (typeof nameOrId !== 'string') invalidType(nameOrId, `the name or id of a ${what}`)
    const id = this.#findId(transaction, nameOrId)
    const record = id === undefined ? undefined : this.get(transaction, id)
    if (record === undefined)
      throw new NetloomError(notFound, `there is no ${what} ${JSON.stringify(nameOrId)}`)
    return record
  }

  list(transaction: ReadTransaction): T[] {
    return [...transaction.list<T>(this.#kind.prefix)].map(([, record]) => record)
  }

  /** False if it was not there. */
  delete(transaction: WriteTransaction, id: string): boolean {
    const record = this.get(transaction, id)
    if (record === undefined) return false
    transaction.delete(this.#kind.nameKey(record.name))
    return transaction.delete(this.#kind.key(id))
  }

  #findId(transaction: ReadTransaction, nameOrId: string): string | undefined {
    const { what, prefix, nameKey } = this.#kind
    // Nothing else can be part of a key.
    if (!isName(nameOrId)) return undefined
    const named = transaction.get<string>(nameKey(nameOrId))
    if (named !== undefined || !isBeginningOfId(nameOrId)) return named
    const found = [...transaction.list(prefix + nameOrId)].map(([key]) => lastPart(key))
    if (found.length < 2) return found[0]
    const ids = found.slice(0, 3).map(shortId).join(', ')
    const more = found.length > 3 ? ' and others' : ''
    throw new NetloomError('ERR_AMBIGUOUS_ID', `several ${what} ids begin with ${nameOrId}: ${ids}${more}`)
  }
}
