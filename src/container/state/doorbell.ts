import { closeSync, constants, openSync, watch, writeSync } from 'node:fs'
import type { FSWatcher } from 'node:fs'
import { NetloomError } from '../../netlink/index.js'

const stroke = new Uint8Array(1)

/**
 * A file that is written to after each commit, and watched with inotify(7) by those who want to hear of it. Ringing
 * costs one write(2), heard or not.
 */
export class Doorbell {
  readonly #path: string
  readonly #fd: number
  readonly #listeners = new Set<() => void>()
  #watcher: FSWatcher | undefined

  constructor(path: string) {
    this.#path = path
    this.#fd = openSync(path, constants.O_WRONLY | constants.O_CREAT, 0o600)
  }

  ring(): void {
    try {
      writeSync(this.#fd, stroke, 0, 1, 0)
    } catch {
      // The commit stands, whatever becomes of the bell; the next one is heard.
    }
  }

  /** Calls `listener` after each ring, its own included; several may be heard as one. */
  listen(listener: () => void): () => void {
    this.#watcher ??= this.#watch()
    const entry = () => listener()
    this.#listeners.add(entry)
    return () => this.#listeners.delete(entry)
  }

  close(): void {
    this.#watcher?.close()
    this.#listeners.clear()
    closeSync(this.#fd)
  }

  #watch(): FSWatcher {
    try {
      const watcher = watch(this.#path, { persistent: false }, () => {
        for (const listener of this.#listeners) listener()
      })
      // What goes wrong later, such as a directory that is deleted, shows when the store is used next.
      watcher.on('error', () => undefined)
      return watcher
    } catch (error) {
      const limit = 'fs.inotify.max_user_instances and fs.inotify.max_user_watches limit it'
      throw new NetloomError('ERR_STATE_DIRECTORY', `${this.#path} can't be watched (inotify(7)): ${limit}`, {
        cause: error
      })
    }
  }
}
