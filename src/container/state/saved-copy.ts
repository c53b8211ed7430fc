import { randomUUID } from 'node:crypto'
import { copyFileSync, linkSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { hasCode } from '../errors/has-code.js'
import { keys } from './keys.js'
import type { LmdbDatabase } from './lmdb-transaction.js'
import { currentBoot, currentProcess, isAlive } from './process-identity.js'
import { breakSeal, sealFile } from './seal.js'

/** Milliseconds from the first commit that is not in the copy to the next copy, at least. */
const shortestDelay = 500

/** Copying is to take no more than a tenth of the time. */
const pausesOfCopies = 9

const savedName = 'saved.mdb'

/**
 * The file that processes of this boot work on. The first of them begins with the copy that was saved last; what
 * earlier boots left is deleted, since a power failure may have torn it.
 */
export function workingFile(directory: string): string {
  const working = `state-${currentBoot()}.mdb`
  const files = readdirSync(directory)
  if (!files.includes(working) && files.includes(savedName)) restore(directory, working)
  for (const file of files) {
    const ofOtherBoot = file.startsWith('state-') && file !== working && file !== `${working}-lock`
    if (ofOtherBoot || isAbandoned(file)) rmSync(join(directory, file), { force: true })
  }
  return join(directory, working)
}

/** A link is made by one process alone, and whole: another finds it there. */
function restore(directory: string, working: string): void {
  const copy = join(directory, temporaryName())
  const saved = join(directory, savedName)
  copyFileSync(saved, copy)
  try {
    breakSeal(copy, saved)
    linkSync(copy, join(directory, working))
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    rmSync(copy)
  }
}

/** Tells whose it is, so that it is found when its process was killed. */
function temporaryName(): string {
  const { pid, startTime } = currentProcess()
  return `temporary-${pid}-${startTime}-${randomUUID()}.mdb`
}

function isAbandoned(file: string): boolean {
  const match = /^temporary-(\d+)-(\d+)-/.exec(file)
  if (match === null) return false
  return !isAlive({ pid: Number(match[1]), startTime: Number(match[2]), bootId: currentBoot() })
}

/**
 * A copy of the store that is flushed to the disk, and then takes the place of the one before, some time after each
 * commit. It is what is left after a power failure or a reboot.
 */
export class SavedCopy {
  readonly #directory: string
  readonly #database: LmdbDatabase
  /** The last commit of this process, and the last that the copy has. */
  #wanted = 0
  #saved = 0
  #delay = shortestDelay
  #timer: NodeJS.Timeout | undefined
  #saving: Promise<void> | undefined

  constructor(directory: string, database: LmdbDatabase) {
    this.#directory = directory
    this.#database = database
  }

  /** A commit is to be saved some time. The process lives on until then. */
  schedule(sequence: number): void {
    this.#wanted = sequence
    this.#timer ??= setTimeout(() => {
      // If it fails, `flush` tells; the next commit tries again.
      this.#save().catch(() => undefined)
    }, this.#delay)
  }

  /** Resolves once all that was scheduled is saved. */
  async flush(): Promise<void> {
    const wanted = this.#wanted
    while (this.#saved < wanted) await this.#save()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  /** Several callers share one copy, which may have been begun before the last commit. */
  #save(): Promise<void> {
    return (this.#saving ??= this.#copy().finally(() => {
      this.#saving = undefined
    }))
  }

  async #copy(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#database.resetReadTxn()
    const sequence = this.#number(keys.sequence)
    let saved = this.#number(keys.saved)
    // Another process may have saved it along with its own.
    if (saved < this.#wanted) {
      const copy = join(this.#directory, temporaryName())
      const begin = performance.now()
      try {
        await this.#database.backup(copy, true)
        await sealFile(copy)
        this.#replace(copy, sequence)
      } finally {
        rmSync(copy, { force: true })
      }
      saved = sequence
      this.#delay = Math.max(shortestDelay, pausesOfCopies * (performance.now() - begin))
    }
    // The copy's name, also when it was another process that renamed it.
    await flushDirectory(this.#directory)
    this.#saved = saved
  }

  /** In a transaction, so that no process puts an older copy in the place of a newer one. */
  #replace(copy: string, sequence: number): void {
    this.#database.transactionSync(() => {
      if (this.#number(keys.saved) >= sequence) return
      renameSync(copy, join(this.#directory, savedName))
      this.#database.putSync(keys.saved, sequence)
    })
  }

  #number(key: string): number {
    return (this.#database.get(key) as number | undefined) ?? 0
  }
}

/** So that a file's new name is on the disk. */
async function flushDirectory(path: string): Promise<void> {
  const directory = await open(path)
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
