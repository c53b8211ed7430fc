import type { NetworkNamespace } from '../../namespace/index.js'
import { LocalNameService } from '../dns/index.js'
import type { ResolvConf, ResolverSettings } from '../dns/index.js'
import type { SandboxNamespaces } from '../engine/sandbox-namespaces.js'
import { Turns } from '../engine/turns.js'
import { claimRole, listSandboxes, releaseRole, roleOwner } from '../state/index.js'
import type { Store } from '../state/index.js'
import { nameEntries, namingView, resolverSettings } from './view.js'

/** The role of the one process that answers the DNS queries of all sandboxes. */
const role = 'name-service'

/** Milliseconds between looks at whether that process still lives; and until what failed is tried again. */
const lookEvery = 1000

/** Milliseconds for which changes of other processes are gathered. */
const gatherFor = 20

/** How many sandboxes are brought up to date at the same time. */
const together = 16

export interface NameServerOptions {
  readonly store: Store
  readonly host: NetworkNamespace
  readonly namespaces: SandboxNamespaces
  readonly hostConf: () => Promise<ResolvConf>
}

/** What the name service was told of a sandbox. */
interface Told {
  readonly names: ReadonlyMap<string, string>
  /** The settings by which it is served; undefined if it isn't. */
  readonly served: string | undefined
}

const nothing: Told = { names: new Map(), served: undefined }

/** A resolver stays until its sandbox is removed, as in Docker. Without a network it knows nothing, and asks nobody. */
const unconnected: ResolverSettings = { networkIds: [], upstreams: [] }

/**
 * Tells the name service what the store says. It runs in one process at a time, that which has the role; the others look
 * after it, and the first that finds it dead takes over.
 */
export class NameServer {
  readonly #store: Store
  readonly #host: NetworkNamespace
  readonly #namespaces: SandboxNamespaces
  readonly #hostConf: () => Promise<ResolvConf>
  readonly #turns = new Turns()
  readonly #told = new Map<string, Told>()
  #service: LocalNameService | undefined
  #stopListening: (() => void) | undefined
  #watch: NodeJS.Timeout | undefined
  #gathering: NodeJS.Timeout | undefined
  #behind = false
  #closed = false

  constructor({ store, host, namespaces, hostConf }: NameServerOptions) {
    this.#store = store
    this.#host = host
    this.#namespaces = namespaces
    this.#hostConf = hostConf
  }

  /** Takes the role, if nobody has it who lives; otherwise waits for that in the background. */
  async start(): Promise<void> {
    await this.#takeOver()
    this.#watch = setInterval(() => void this.#look(), lookEvery).unref()
  }

  /** Tells what has changed of a sandbox, or that it is no more. Does nothing where another process serves. */
  async refresh(sandboxId: string): Promise<void> {
    await this.#refresh(sandboxId, false)
  }

  /**
   * Tells what has changed of all sandboxes; `again` tells everything, so that what somebody took away comes back.
   * Rejects with the first failure, after all were tried.
   */
  async synchronize(again = false): Promise<void> {
    if (this.#service === undefined) return
    const known = this.#store.read(listSandboxes).map(({ id }) => id)
    const waiting = [...new Set([...known, ...this.#told.keys()])]
    let failure: { readonly error: unknown } | undefined
    const work = async (): Promise<void> => {
      for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
        await this.#refresh(id, again).catch((error: unknown) => (failure ??= { error }))
      }
    }
    await Promise.all(Array.from({ length: together }, work))
    this.#behind = failure !== undefined
    if (failure !== undefined) throw failure.error
  }

  /** Stops serving, and gives the role up. */
  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#watch)
    clearTimeout(this.#gathering)
    this.#stopListening?.()
    const service = this.#service
    this.#service = undefined
    if (service === undefined) return
    await this.#turns.ended()
    try {
      await service.close()
    } finally {
      // Otherwise nobody else would serve for as long as this process lives.
      await this.#store.write((transaction) => releaseRole(transaction, role))
    }
  }

  async #look(): Promise<void> {
    try {
      if (this.#service === undefined) await this.#takeOver()
      else if (this.#behind) await this.synchronize()
    } catch {
      // There will be another look.
    }
  }

  async #takeOver(): Promise<void> {
    if (this.#store.read((transaction) => roleOwner(transaction, role)) !== undefined) return
    const owner = await this.#store.write((transaction) => claimRole(transaction, role))
    if (owner !== undefined || this.#closed) return
    this.#service = new LocalNameService({ host: this.#host })
    this.#stopListening = this.#store.onChange(() => this.#gather())
    // What fails is tried again at the next look: the sandboxes that were there before are not to be in the way of others.
    await this.synchronize().catch(() => undefined)
  }

  /** Others have changed something. */
  #gather(): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined
      void this.synchronize().catch(() => undefined)
    }, gatherFor).unref()
  }

  async #refresh(sandboxId: string, again: boolean): Promise<void> {
    const service = this.#service
    if (service === undefined) return
    await this.#turns.take(sandboxId, () => this.#tell(service, sandboxId, again))
  }

  async #tell(service: LocalNameService, sandboxId: string, again: boolean): Promise<void> {
    const host = await this.#hostConf()
    const view = this.#store.read((transaction) => namingView(transaction, sandboxId))
    const before = this.#told.get(sandboxId) ?? nothing
    const entries = view === undefined ? [] : nameEntries(view)
    const names = new Map(entries.map((entry) => [entry.endpointId, JSON.stringify(entry)]))
    for (const id of before.names.keys()) if (!names.has(id)) service.removeName(id)
    for (const entry of entries) {
      if (names.get(entry.endpointId) !== before.names.get(entry.endpointId)) service.setName(entry)
    }
    if (view === undefined) {
      if (before !== nothing) await service.stop(sandboxId)
      this.#told.delete(sandboxId)
      return
    }
    const settings = resolverSettings(view, host) ?? (before.served === undefined ? undefined : unconnected)
    if (settings === undefined) {
      this.#told.delete(sandboxId)
      return
    }
    const wanted = JSON.stringify(settings)
    // Until it is served by the new settings, it counts as not served.
    this.#told.set(sandboxId, { names, served: undefined })
    const isServed = before.served !== undefined && !again
    const isRight = isServed && (wanted === before.served || service.change(sandboxId, settings))
    if (!isRight) {
      await this.#namespaces.use(view.sandbox, async (inside) => {
        if (inside === undefined) await service.stop(sandboxId)
        else await service.serve({ ...settings, id: sandboxId, namespace: inside.namespace })
      })
    }
    this.#told.set(sandboxId, { names, served: wanted })
  }
}
