import { NetworkNamespace } from '../../namespace/index.js'
import { NetworkStack } from '../../network-stack.js'
import type { Host, Inside } from '../drivers/driver.js'
import { hasCode } from '../errors/has-code.js'
import type { SandboxRecord } from '../model/sandbox.js'
import { currentBoot } from '../state/index.js'

/** How many are held open that nobody uses at the moment; each is two descriptors. */
const idleLimit = 256

interface Entry extends Inside {
  users: number
  /** It was given by a descriptor of this process, and can't be opened again. */
  readonly pinned: boolean
  forgotten: boolean
}

/**
 * The namespaces of sandboxes, with a stack in each. They are held open for the next time, up to a limit; those that
 * were used the longest ago are closed first.
 */
export class SandboxNamespaces {
  readonly #host: Host
  readonly #entries = new Map<string, Promise<Entry>>()

  constructor(host: Host) {
    this.#host = host
  }

  /** Takes over the handle of a namespace that is there. `pinned`: it is kept until `forget`. */
  async adopt(sandboxId: string, namespace: NetworkNamespace, pinned: boolean): Promise<void> {
    this.#entries.set(sandboxId, Promise.resolve(await openEntry(namespace, pinned)))
  }

  /**
   * Does something in the namespace of a sandbox; `undefined` is given where that is gone: its file is not there any
   * more, or names another one.
   */
  async use<T>(sandbox: SandboxRecord, work: (inside: Inside | undefined) => Promise<T>): Promise<T> {
    if (sandbox.hostNamespace === true) return work(this.#host)
    const entry = await this.#entry(sandbox)
    if (entry === undefined) return work(undefined)
    try {
      return await work(entry)
    } finally {
      entry.users--
      if (entry.users === 0) await (entry.forgotten ? closeEntry(entry) : this.#closeIdle())
    }
  }

  /** Lets go of a namespace, as soon as nobody uses it. */
  async forget(sandboxId: string): Promise<void> {
    const opening = this.#entries.get(sandboxId)
    this.#entries.delete(sandboxId)
    const entry = await opening?.catch(() => undefined)
    if (entry === undefined) return
    entry.forgotten = true
    if (entry.users === 0) await closeEntry(entry)
  }

  /** Those that are held open. */
  get ids(): readonly string[] {
    return [...this.#entries.keys()]
  }

  async close(): Promise<void> {
    await Promise.all(this.ids.map((id) => this.forget(id)))
  }

  /** Counts the caller among its users. */
  async #entry(sandbox: SandboxRecord): Promise<Entry | undefined> {
    let opening = this.#entries.get(sandbox.id)
    if (opening === undefined) opening = openSandbox(sandbox)
    else this.#entries.delete(sandbox.id)
    // Back in as the last one.
    this.#entries.set(sandbox.id, opening)
    try {
      const entry = await opening
      entry.users++
      return entry
    } catch (error) {
      if (this.#entries.get(sandbox.id) === opening) this.#entries.delete(sandbox.id)
      if (error instanceof GoneError) return undefined
      throw error
    }
  }

  async #closeIdle(): Promise<void> {
    if (this.#entries.size <= idleLimit) return
    for (const [id, opening] of this.#entries) {
      const entry = await opening.catch(() => undefined)
      if (entry === undefined || entry.users > 0 || entry.pinned) continue
      await this.forget(id)
      if (this.#entries.size <= idleLimit) return
    }
  }
}

class GoneError extends Error {}

async function openSandbox(sandbox: SandboxRecord): Promise<Entry> {
  return openEntry(await openNamespace(sandbox), false)
}

/** Opens the namespace of a sandbox, unless that is gone. */
async function openNamespace(sandbox: SandboxRecord): Promise<NetworkNamespace> {
  if (sandbox.bootId !== currentBoot()) throw new GoneError()
  let namespace: NetworkNamespace
  try {
    namespace = await NetworkNamespace.open({ path: sandbox.namespacePath })
  } catch (error) {
    throw isGone(error) ? new GoneError() : error
  }
  if (namespace.inode === sandbox.namespaceInode) return namespace
  await namespace.close()
  throw new GoneError()
}

/** Whether opening a namespace has failed since it is gone. */
export function isGone(error: unknown): boolean {
  // The last is a file in /run/netns that nothing is mounted on any more.
  return hasCode(error, 'ENOENT', 'ESRCH', 'EINVAL')
}

async function openEntry(namespace: NetworkNamespace, pinned: boolean): Promise<Entry> {
  try {
    const stack = await NetworkStack.open({ namespace })
    return { namespace, stack, users: 0, pinned, forgotten: false }
  } catch (error) {
    await namespace.close()
    throw error
  }
}

async function closeEntry({ stack, namespace }: Entry): Promise<void> {
  await stack.close()
  await namespace.close()
}
