/** A key: parts without `/`, joined by `/`, such as `endpoint/ID` or `address/NETWORK/ADDRESS`. ASCII. */
export type Key = string

/** A transaction lasts as long as the function that it is given to; using it later throws. */
export interface ReadTransaction {
  get<T>(key: Key): T | undefined
  /** All whose keys begin with `prefix`, in the order of their keys, as they are at the time of the call. */
  list<T>(prefix: string): IterableIterator<readonly [key: Key, value: T]>
}

export interface WriteTransaction extends ReadTransaction {
  put(key: Key, value: object | string | number | boolean): void
  /** False if it was not there. */
  delete(key: Key): boolean
}

export interface WriteOptions {
  /** Resolves only once a power failure would not lose it either. Default: false. */
  readonly durable?: boolean | undefined
}

/**
 * Records by key, in transactions: all of one is kept, or nothing, and none sees a part of another, in this process
 * or another one. Values are plain JSON. Nobody changes them: what is given is copied, and what is read is a copy, or
 * frozen. Transactions don't nest.
 */
export interface Store {
  /** Reads a consistent state, of now. `body` is synchronous. */
  read<T>(body: (transaction: ReadTransaction) => T): T
  /**
   * Writes; if `body` throws, nothing is written. Resolves once a killed process would not lose it. `body` is
   * synchronous, and may run again.
   */
  write<T>(body: (transaction: WriteTransaction) => T, options?: WriteOptions): Promise<T>
  /**
   * Calls `listener` some time after others have written: another process, or another store of this one on the same
   * directory. Several commits may be told as one; what this store writes itself is not told, and the last commit of a
   * process that was killed right after it comes with the next. Gives a function that ends it. It does not keep the
   * process alive.
   */
  onChange(listener: () => void): () => void
  close(): Promise<void>
}
