import {
  closeSync,
  constants,
  fchmodSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync
} from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Where the files of a sandbox lie that its runtime mounts over those in `/etc`. */
export interface SandboxFilePaths {
  readonly resolvConf: string
  readonly hosts: string
  readonly hostname: string
}

/** What is in them. */
export type SandboxFileContents = SandboxFilePaths

const names = ['resolvConf', 'hosts', 'hostname'] as const

/** The files of sandboxes, a directory for each. */
export class SandboxFiles {
  readonly #directory: string

  constructor(directory: string) {
    this.#directory = directory
  }

  pathsOf(sandboxId: string): SandboxFilePaths {
    const directory = join(this.#directory, sandboxId)
    return {
      resolvConf: join(directory, 'resolv.conf'),
      hosts: join(directory, 'hosts'),
      hostname: join(directory, 'hostname')
    }
  }

  /**
   * Writes those that are not what they are to be. Done at once: a few small files cost less than the turns of the event
   * loop that it would take otherwise.
   */
  write(sandboxId: string, contents: SandboxFileContents): void {
    const paths = this.pathsOf(sandboxId)
    const isNew = mkdirSync(join(this.#directory, sandboxId), { recursive: true }) !== undefined
    for (const name of names) rewrite(paths[name], contents[name], isNew)
  }

  async remove(sandboxId: string): Promise<void> {
    await rm(join(this.#directory, sandboxId), { recursive: true, force: true })
  }
}

/** In place, since a mount is of the inode. Who reads meanwhile finds a part of it new, but nothing missing. */
function rewrite(path: string, text: string, isNew: boolean): void {
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT)
  try {
    // Every user of the sandbox reads it, whatever this process makes its files like (umask(2)).
    if (isNew) fchmodSync(file, 0o644)
    else if (readFileSync(file, 'utf8') === text) return
    const bytes = Buffer.from(text)
    writeSync(file, bytes, 0, bytes.length, 0)
    ftruncateSync(file, bytes.length)
  } finally {
    closeSync(file)
  }
}
