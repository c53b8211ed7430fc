import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type * as lmdb from 'lmdb'
import { invalidType, invalidValue, within } from '../../codec/index.js'
import { NetloomError } from '../../netlink/index.js'
import { TransactionGate, refusePromise } from './body.js'
import { Doorbell } from './doorbell.js'
import { keys } from './keys.js'
import { LmdbTransaction } from './lmdb-transaction.js'
import type { LmdbDatabase } from './lmdb-transaction.js'
import { SavedCopy, workingFile } from './saved-copy.js'
import type { Key, ReadTransaction, Store, WriteOptions, WriteTransaction } from './store.js'

/** Of how records lie in the store. A newer one is refused. */
export const schemaVersion = 1

/** Bytes of address space: far more than there will ever be. The file grows as it is needed. */
const mapSize = 1 << 30

/** Threads that can read at the same time, of all processes. */
const maxReaders = 512

/** A reader that was killed keeps pages from being used again until somebody looks for it. */
const writesBetweenReaderChecks = 1000

/**
 * A store in a directory, in LMDB (the npm package `lmdb`). Several processes can share it, if they are of one PID
 * namespace, and the directory is on a file system of this machine.
 *
 * A write transaction is one of LMDB: others wait for it, and of a process that is killed in the middle nothing is
 * left. When `write` resolves it is in the page cache, and outlives the process; nothing waits for the disk. Half a
 * second later (more where copying takes longer than 50 ms), and at `close`, a copy of everything is flushed to the
 * disk. After a power failure or a reboot the store is what the last copy was: older by as much, but whole. What must
 * not be lost even so is written `durable`.
 */
export class LmdbStore implements Store {
  readonly #directory: string
  readonly #database: LmdbDatabase
  readonly #doorbell: Doorbell
  readonly #copy: SavedCopy
  readonly #gate: TransactionGate
  readonly #listeners = new Set<() => void>()
  #stopHearing: (() => void) | undefined
  /** The number of the last commit that is known here. */
  #sequence = 0
  #writes = 0

  private constructor(directory: string, database: LmdbDatabase) {
    this.#directory = directory
    this.#database = database
    this.#doorbell = new Doorbell(join(directory, 'doorbell'))
    this.#copy = new SavedCopy(directory, database)
    this.#gate = new TransactionGate(`the store in ${directory}`)
  }

  /**
   * Opens the store of a directory, which is made if it isn't there. Rejects with `ERR_STATE_DIRECTORY` if the package
   * `lmdb` is missing, if the directory can't be used, or was written by a newer version of netloom.
   */
  static async open(directory: string): Promise<LmdbStore> {
    checkDirectory(directory)
    const { open } = await loadLmdb()
    let database: LmdbDatabase | undefined
    let store: LmdbStore | undefined
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 })
      const path = workingFile(directory)
      database = open<unknown, Key>({ path, encoding: 'json', noSync: true, mapSize, maxReaders })
      store = new LmdbStore(directory, database)
      await store.#checkVersion()
      return store
    } catch (error) {
      await (store ?? database)?.close()
      if (error instanceof NetloomError) throw error
      throw refused(directory, `can not be used: ${(error as Error).message}`, error)
    }
  }

  read<T>(body: (transaction: ReadTransaction) => T): T {
    return this.#gate.enter(() => {
      // Otherwise it would be the state that was read before in this turn of the event loop.
      this.#database.resetReadTxn()
      const transaction = new LmdbTransaction(this.#database)
      try {
        return refusePromise(body(transaction))
      } finally {
        transaction.end()
      }
    })
  }

  async write<T>(body: (transaction: WriteTransaction) => T, options: WriteOptions = {}): Promise<T> {
    let changed = false
    let others = false
    const result = this.#gate.enter(() =>
      this.#database.transactionSync(() => {
        const transaction = new LmdbTransaction(this.#database)
        try {
          const value = refusePromise(body(transaction))
          changed = transaction.changed
          if (changed) others = this.#count(transaction)
          return value
        } finally {
          transaction.end()
        }
      })
    )
    if (changed) {
      this.#doorbell.ring()
      this.#copy.schedule(this.#sequence)
    }
    if (others) this.#tell()
    if (++this.#writes % writesBetweenReaderChecks === 0) this.#database.readerCheck()
    if (changed && options.durable === true) await this.#flush()
    return result
  }

  onChange(listener: () => void): () => void {
    const entry = () => listener()
    this.#listeners.add(entry)
    if (this.#stopHearing === undefined) {
      this.#stopHearing = this.#doorbell.listen(() => this.#hear())
      this.#sequence = this.#lastCommit()
    }
    return () => this.#listeners.delete(entry)
  }

  async close(): Promise<void> {
    if (!this.#gate.close()) return
    this.#listeners.clear()
    this.#doorbell.close()
    try {
      await this.#flush()
    } finally {
      this.#copy.stop()
      await this.#database.close()
    }
  }

  async #checkVersion(): Promise<void> {
    const version = this.read((transaction) => transaction.get<number>(keys.version))
    if (version === undefined) {
      await this.write((transaction) => transaction.put(keys.version, schemaVersion))
    } else if (version > schemaVersion) {
      const versions = `its schema is ${version}, this one knows ${schemaVersion}`
      throw refused(this.#directory, `was written by a newer version of netloom: ${versions}`)
    }
  }

  async #flush(): Promise<void> {
    try {
      await this.#copy.flush()
    } catch (error) {
      const reason = `is written to, but can not be saved: ${(error as Error).message}`
      throw refused(this.#directory, reason, error)
    }
  }

  /** Numbers this commit; true if others have committed since the last one that is known here. */
  #count(transaction: WriteTransaction): boolean {
    const last = transaction.get<number>(keys.sequence) ?? 0
    const others = last !== this.#sequence
    this.#sequence = last + 1
    transaction.put(keys.sequence, this.#sequence)
    return others
  }

  #lastCommit(): number {
    return this.read((transaction) => transaction.get<number>(keys.sequence) ?? 0)
  }

  #hear(): void {
    const last = this.#lastCommit()
    if (last === this.#sequence) return
    this.#sequence = last
    this.#tell()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}

function checkDirectory(directory: unknown): void {
  within('stateDirectory', () => {
    const expected = 'the path of a directory'
    if (typeof directory !== 'string') invalidType(directory, expected)
    if (directory === '' || directory.includes('\0')) invalidValue(directory, expected)
  })
}

async function loadLmdb(): Promise<typeof lmdb> {
  try {
    return await import('lmdb')
  } catch (error) {
    const reason = `a state directory needs the package lmdb: npm install lmdb (${(error as Error).message})`
    throw new NetloomError('ERR_STATE_DIRECTORY', reason, { cause: error })
  }
}

function refused(directory: string, reason: string, cause?: unknown): NetloomError {
  return new NetloomError('ERR_STATE_DIRECTORY', `the state directory ${directory} ${reason}`, { cause })
}
