/** A value that JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined }

/** A key: parts without `/`, joined by `/`, such as `endpoint/ID` or `address/NETWORK/ADDRESS`. */
export type Key = string

export interface ReadTransaction {
  get<T>(key: Key): T | undefined
  /** All under `prefix`, which ends with `/`, in the order of their keys. */
  list<T>(prefix: string): IterableIterator<readonly [key: Key, value: T]>
}

export interface WriteTransaction extends ReadTransaction {
  put(key: Key, value: object | string | number | boolean): void
  /** False if it was not there. */
  delete(key: Key): boolean
}

/**
 * Records by key, in transactions: all of one is kept, or nothing, and none sees a part of another, in this process
 * or another one. Values are plain JSON, and are copies: changing one changes nothing in the store.
 */
export interface Store {
  /** Reads a consistent state. `body` is synchronous. */
  read<T>(body: (transaction: ReadTransaction) => T): T
  /** Writes; if `body` throws, nothing is written. Resolves once a killed process would not lose it. `body` is synchronous, and may run again. */
  write<T>(body: (transaction: WriteTransaction) => T): Promise<T>
  close(): Promise<void>
}
