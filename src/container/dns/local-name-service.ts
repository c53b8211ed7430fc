import { isIP } from 'node:net'
import { InvalidType, invalidValue, within } from '../../codec/index.js'
import { NetworkNamespace } from '../../namespace/index.js'
import { NetloomError } from '../../netlink/index.js'
import type { NameEntry, NameService, ResolverSettings, ServedSandbox } from './name-service.js'
import { NameDirectory } from './names.js'
import { SandboxResolver } from './sandbox-resolver.js'

export interface LocalNameServiceOptions {
  /** The namespace of the host, from which upstream servers are asked that only it reaches. It is not closed here. */
  readonly host: NetworkNamespace
}

/**
 * Answers the DNS queries of sandboxes in this process: what it knows by itself, the rest from upstream servers.
 *
 * It doesn't keep the process alive. When the process ends, queries fail at once, as nobody listens; another process
 * that serves the same sandboxes takes over.
 */
export class LocalNameService implements NameService {
  readonly #host: NetworkNamespace
  readonly #directory = new NameDirectory()
  readonly #resolvers = new Map<string, SandboxResolver>()
  /** What is being done for a sandbox: one thing after the other. */
  readonly #tails = new Map<string, Promise<void>>()
  #closing: Promise<void> | undefined

  constructor({ host }: LocalNameServiceOptions) {
    if (!(host instanceof NetworkNamespace)) throw new InvalidType(host, 'a NetworkNamespace').within('host')
    this.#host = host
  }

  /** Throws a `TypeError` for what is no address. Names that no DNS message can hold are never found. */
  setName(entry: NameEntry): void {
    this.#directory.set(entry)
  }

  removeName(endpointId: string): void {
    this.#directory.remove(endpointId)
  }

  /** Rejects with `ERR_CLOSED` after `close`, and with a `TypeError` for an upstream that is no address. */
  async serve(sandbox: ServedSandbox): Promise<void> {
    checkUpstreams(sandbox.upstreams)
    if (this.#closing !== undefined) throw new NetloomError('ERR_CLOSED', 'The name service is closed.')
    await this.#inTurn(sandbox.id, () => this.#serve(sandbox))
  }

  change(sandboxId: string, settings: ResolverSettings): boolean {
    checkUpstreams(settings.upstreams)
    const resolver = this.#resolvers.get(sandboxId)
    resolver?.use(settings)
    return resolver !== undefined
  }

  async stop(sandboxId: string): Promise<void> {
    await this.#inTurn(sandboxId, () => this.#stop(sandboxId))
  }

  /** Stops serving all sandboxes. Can be repeated. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close())
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #serve(sandbox: ServedSandbox): Promise<void> {
    const { id, namespace } = sandbox
    let resolver = this.#resolvers.get(id)
    try {
      if (resolver !== undefined && resolver.namespace.equals(namespace)) {
        resolver.use(sandbox)
        await resolver.translate()
        return
      }
      await this.#stop(id)
      const own = await NetworkNamespace.open({ fd: namespace.native.fd })
      resolver = new SandboxResolver(own, this.#host, this.#directory)
      this.#resolvers.set(id, resolver)
      resolver.use(sandbox)
      await resolver.start()
    } catch (cause) {
      await this.#stop(id).catch(() => undefined)
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw new NetloomError('ERR_NAME_SERVICE', `The sandbox ${id} has no DNS server: ${reason}`, { cause })
    }
  }

  async #stop(id: string): Promise<void> {
    const resolver = this.#resolvers.get(id)
    this.#resolvers.delete(id)
    await resolver?.stop()
  }

  async #close(): Promise<void> {
    await Promise.allSettled(this.#tails.values())
    const stopped = await Promise.allSettled([...this.#resolvers.keys()].map((id) => this.#stop(id)))
    const failed = stopped.find((result) => result.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }

  async #inTurn(id: string, work: () => Promise<void>): Promise<void> {
    const before = this.#tails.get(id) ?? Promise.resolve()
    const turn = before.then(work)
    const tail = turn.catch(() => undefined)
    this.#tails.set(id, tail)
    try {
      await turn
    } finally {
      if (this.#tails.get(id) === tail) this.#tails.delete(id)
    }
  }
}

function checkUpstreams(upstreams: ServedSandbox['upstreams']): void {
  within('upstreams', () => {
    for (const [index, { address, from }] of upstreams.entries()) {
      within(index, () => {
        if (isIP(address) === 0) within('address', () => invalidValue(address, 'an IP address'))
        // The names of zones are looked up where the process is.
        if (from === 'sandbox' && address.includes('%')) {
          within('address', () => invalidValue(address, 'an IP address without a zone'))
        }
        if (from !== 'sandbox' && from !== 'host') {
          within('from', () => invalidValue(from, '"sandbox" or "host"'))
        }
      })
    }
  })
}
