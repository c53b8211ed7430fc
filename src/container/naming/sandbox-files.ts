import { constants } from 'node:fs'
import { chmod, mkdir, open, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { hasCode } from '../errors/has-code.js'

/** Where the files of a sandbox lie that its runtime mounts over those in `/etc`. */
export interface SandboxFilePaths {
  readonly resolvConf: string
  readonly hosts: string
  readonly hostname: string
}

/** What is in them. */
export type SandboxFileContents = SandboxFilePaths

/** Every user of the sandbox reads them, whatever this process makes its files like (umask(2)). */
const fileMode = 0o644
const folderMode = 0o755

const names = ['resolvConf', 'hosts', 'hostname'] as const
const ofEndpoints = ['resolvConf', 'hosts'] as const

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

  /** Writes those that are not what they are to be. */
  async write(sandboxId: string, contents: SandboxFileContents): Promise<void> {
    const paths = this.pathsOf(sandboxId)
    await this.#makeFolder(sandboxId)
    await Promise.all(names.map((name) => writeDifferent(paths[name], contents[name])))
  }

  /** Writes those again that tell of endpoints, without a look at what is in them: to look takes longer than to write. */
  async rewrite(sandboxId: string, contents: SandboxFileContents): Promise<void> {
    const paths = this.pathsOf(sandboxId)
    try {
      await Promise.all(ofEndpoints.map((name) => rewrite(paths[name], contents[name])))
    } catch (error) {
      // Somebody took them away.
      if (!hasCode(error, 'ENOENT')) throw error
      await this.write(sandboxId, contents)
    }
  }

  async remove(sandboxId: string): Promise<void> {
    await rm(join(this.#directory, sandboxId), { recursive: true, force: true })
  }

  async #makeFolder(sandboxId: string): Promise<void> {
    const folder = join(this.#directory, sandboxId)
    const first = await mkdir(folder, { recursive: true })
    if (first === undefined) return
    for (const made of new Set([first, folder])) await chmod(made, folderMode)
  }
}

async function writeDifferent(path: string, text: string): Promise<void> {
  const file = await open(path, constants.O_RDWR | constants.O_CREAT)
  try {
    if (((await file.stat()).mode & 0o777) !== fileMode) await file.chmod(fileMode)
    if ((await file.readFile('utf8')) === text) return
    await replaceContent(file, text)
  } finally {
    await file.close()
  }
}

async function rewrite(path: string, text: string): Promise<void> {
  const file = await open(path, constants.O_WRONLY)
  try {
    await replaceContent(file, text)
  } finally {
    await file.close()
  }
}

/** In place, since a mount is of the inode. Who reads meanwhile finds a part of it new, but nothing missing. */
async function replaceContent(file: FileHandle, text: string): Promise<void> {
  const bytes = Buffer.from(text)
  await file.write(bytes, 0, bytes.length, 0)
  await file.truncate(bytes.length)
}
