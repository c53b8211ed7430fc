import type { NetworkNamespace } from '../../namespace/index.js'
import { readHostResolvConf, removeTranslation } from '../dns/index.js'
import type { ResolvConf } from '../dns/index.js'
import { join } from '../errors/join.js'
import type { SandboxNamespaces } from '../engine/sandbox-namespaces.js'
import type { SandboxRecord } from '../model/sandbox.js'
import type { Store } from '../state/index.js'
import { NameServer } from './name-server.js'
import { SandboxFiles } from './sandbox-files.js'
import type { SandboxFileContents, SandboxFilePaths } from './sandbox-files.js'
import { fileContents, namingView } from './view.js'

/** Milliseconds for which the host's resolv.conf is taken to be what it was. */
const fresh = 1000

type WriteFiles = (contents: SandboxFileContents) => Promise<void>

export interface NamingOptions {
  readonly store: Store
  readonly host: NetworkNamespace
  readonly namespaces: SandboxNamespaces
  /** Where the files of sandboxes lie. */
  readonly directory: string
  /** Whether this process may answer DNS queries. */
  readonly serves: boolean
}

/** How sandboxes resolve names: their files, and DNS where this process serves it. */
export class Naming {
  readonly #store: Store
  readonly #namespaces: SandboxNamespaces
  readonly #files: SandboxFiles
  readonly #server: NameServer | undefined
  #hostConf: { readonly readAt: number; readonly conf: Promise<ResolvConf> } | undefined

  constructor({ store, host, namespaces, directory, serves }: NamingOptions) {
    this.#store = store
    this.#namespaces = namespaces
    this.#files = new SandboxFiles(directory)
    const hostConf = (): Promise<ResolvConf> => this.#readHostConf()
    this.#server = serves ? new NameServer({ store, host, namespaces, hostConf }) : undefined
  }

  /** Begins to serve, now or when whoever does it has ended. */
  async start(): Promise<void> {
    await this.#server?.start()
  }

  filesOf(sandboxId: string): SandboxFilePaths {
    return this.#files.pathsOf(sandboxId)
  }

  /** Brings everything up to date for a sandbox whose endpoints have changed. Waits for DNS only if this process serves it. */
  async refresh(sandboxId: string): Promise<void> {
    await this.#update(sandboxId, (contents) => this.#files.rewrite(sandboxId, contents))
  }

  /** The same for one that is new, or of which nobody knows how far its files are right. */
  async ensure(sandboxId: string): Promise<void> {
    await this.#update(sandboxId, (contents) => this.#files.write(sandboxId, contents))
  }

  /** Leaves nothing of a sandbox that is on its way out. */
  async removeSandbox(sandbox: SandboxRecord): Promise<void> {
    const { id, ownNamespace, hostNamespace } = sandbox
    await join([this.#server?.refresh(id), this.#files.remove(id)])
    if (ownNamespace || hostNamespace === true) return
    // The namespace stays, and perhaps the rules of a process that was killed do too: they lead nowhere, and are in nobody's
    // way if they can't be removed.
    await this.#namespaces.use(sandbox, async (inside) => {
      if (inside !== undefined) await removeTranslation(inside.stack).catch(() => undefined)
    })
  }

  /** Tells DNS everything again, so that what somebody took away comes back. Rejects with the first failure. */
  async restore(): Promise<void> {
    await this.#server?.synchronize(true)
  }

  /** Hands DNS over to whoever serves it next. */
  async close(): Promise<void> {
    await this.#server?.close()
  }

  async #update(sandboxId: string, write: WriteFiles): Promise<void> {
    await join([this.#refreshFiles(sandboxId, write), this.#server?.refresh(sandboxId)])
  }

  async #refreshFiles(sandboxId: string, write: WriteFiles): Promise<void> {
    const host = await this.#readHostConf()
    let written: string | undefined
    for (;;) {
      const view = this.#store.read((transaction) => namingView(transaction, sandboxId))
      if (view === undefined) return
      const contents = fileContents(view, host)
      const text = JSON.stringify(contents)
      // Another process may have written them from an older state than this, after it was read.
      if (text === written) return
      await write(contents)
      written = text
    }
  }

  #readHostConf(): Promise<ResolvConf> {
    const now = performance.now()
    if (this.#hostConf === undefined || now - this.#hostConf.readAt > fresh) {
      this.#hostConf = { readAt: now, conf: readHostResolvConf() }
    }
    return this.#hostConf.conf
  }
}
