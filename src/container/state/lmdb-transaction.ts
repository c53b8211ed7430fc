import type { RootDatabase } from 'lmdb'
import { endedError } from './body.js'
import type { Key, WriteTransaction } from './store.js'

export type LmdbDatabase = RootDatabase<unknown, Key>

/** Greater than what any ASCII key goes on with. */
const afterAll = '\uffff'

/** LMDB's transaction of the moment, for the length of a body. */
export class LmdbTransaction implements WriteTransaction {
  #database: LmdbDatabase | undefined
  #changed = false

  constructor(database: LmdbDatabase) {
    this.#database = database
  }

  /** Something was written. */
  get changed(): boolean {
    return this.#changed
  }

  get<T>(key: Key): T | undefined {
    return this.#open().get(key) as T | undefined
  }

  list<T>(prefix: string): IterableIterator<readonly [key: Key, value: T]> {
    const range = this.#open().getRange({ start: prefix, end: prefix + afterAll })
    return Array.from(range, ({ key, value }) => [key, value as T] as const).values()
  }

  put(key: Key, value: object | string | number | boolean): void {
    this.#open().putSync(key, value)
    this.#changed = true
  }

  delete(key: Key): boolean {
    const database = this.#open()
    if (!database.doesExist(key)) return false
    database.removeSync(key)
    this.#changed = true
    return true
  }

  end(): void {
    this.#database = undefined
  }

  #open(): LmdbDatabase {
    if (this.#database === undefined) throw endedError()
    return this.#database
  }
}
