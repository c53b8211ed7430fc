import { TransactionGate, endedError, refusePromise } from './body.js'
import type { Key, ReadTransaction, Store, WriteTransaction } from './store.js'

/** A store that is gone with the process, and that no other process sees. */
export class MemoryStore implements Store {
  readonly #records = new Records()
  readonly #gate = new TransactionGate('the store')

  read<T>(body: (transaction: ReadTransaction) => T): T {
    return this.#run(body)
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- what `body` throws becomes a rejection.
  async write<T>(body: (transaction: WriteTransaction) => T): Promise<T> {
    return this.#run(body)
  }

  /** Nobody else writes here. */
  onChange(): () => void {
    return () => undefined
  }

  close(): Promise<void> {
    this.#gate.close()
    return Promise.resolve()
  }

  #run<T>(body: (transaction: WriteTransaction) => T): T {
    return this.#gate.enter(() => {
      const transaction = new MemoryTransaction(this.#records)
      try {
        return refusePromise(body(transaction))
      } catch (error) {
        transaction.undo()
        throw error
      } finally {
        transaction.end()
      }
    })
  }
}

class MemoryTransaction implements WriteTransaction {
  #records: Records | undefined
  /** What was there before, in the order of the changes. */
  readonly #before: [key: Key, value: unknown][] = []

  constructor(records: Records) {
    this.#records = records
  }

  get<T>(key: Key): T | undefined {
    return this.#open().get(key) as T | undefined
  }

  list<T>(prefix: string): IterableIterator<readonly [key: Key, value: T]> {
    const records = this.#open()
    return records
      .keys(prefix)
      .map((key) => [key, records.get(key) as T] as const)
      .values()
  }

  put(key: Key, value: object | string | number | boolean): void {
    const records = this.#open()
    this.#before.push([key, records.get(key)])
    records.set(key, typeof value === 'object' ? frozen(JSON.parse(JSON.stringify(value))) : value)
  }

  delete(key: Key): boolean {
    const records = this.#open()
    const value = records.get(key)
    if (value === undefined) return false
    this.#before.push([key, value])
    records.set(key, undefined)
    return true
  }

  undo(): void {
    const records = this.#open()
    for (const [key, value] of this.#before.reverse()) records.set(key, value)
  }

  end(): void {
    this.#records = undefined
  }

  #open(): Records {
    if (this.#records === undefined) throw endedError()
    return this.#records
  }
}

/** A copy for whoever reads it would take longer than all the rest of reading. */
function frozen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  for (const part of Object.values(value)) frozen(part)
  return Object.freeze(value)
}

/** Values by key, found again by each beginning that ends with `/`. */
class Records {
  readonly #values = new Map<Key, unknown>()
  readonly #below = new Map<string, Set<Key>>()

  get(key: Key): unknown {
    return this.#values.get(key)
  }

  set(key: Key, value: unknown): void {
    if (value === undefined) {
      this.#values.delete(key)
      for (const folder of folders(key)) {
        const keys = this.#below.get(folder)
        keys?.delete(key)
        if (keys?.size === 0) this.#below.delete(folder)
      }
      return
    }
    if (!this.#values.has(key)) {
      for (const folder of folders(key)) {
        const keys = this.#below.get(folder)
        if (keys === undefined) this.#below.set(folder, new Set([key]))
        else keys.add(key)
      }
    }
    this.#values.set(key, value)
  }

  /** In order. */
  keys(prefix: string): Key[] {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1)
    const keys = folder === '' ? this.#values.keys() : (this.#below.get(folder) ?? [])
    return [...keys].filter((key) => key.startsWith(prefix)).sort()
  }
}

/** `a/` and `a/b/` for `a/b/c`. */
function folders(key: Key): string[] {
  const found: string[] = []
  for (let at = key.indexOf('/'); at !== -1; at = key.indexOf('/', at + 1)) found.push(key.slice(0, at + 1))
  return found
}
