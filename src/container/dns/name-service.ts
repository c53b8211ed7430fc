import type { NetworkNamespace } from '../../namespace/index.js'

/** A name on a network. */
export interface NameEntry {
  readonly endpointId: string
  readonly networkId: string
  readonly networkName: string
  /**
   * The sandbox's name, aliases, short id and hostname. Looked up without regard to case, alone or with `.networkName`
   * behind. The first is what the address resolves to.
   */
  readonly names: readonly string[]
  readonly address?: string | undefined
  readonly address6?: string | undefined
}

/** A sandbox that has the resolver at 127.0.0.11. Its loopback link must be up. */
export interface ServedSandbox {
  readonly id: string
  /** It is held open until `stop`. */
  readonly namespace: NetworkNamespace
  /** The networks whose names it sees, in the order in which they are looked through. */
  readonly networkIds: readonly string[]
  /** Where other queries go, in order; addresses with port 53. None: they are answered SERVFAIL, as Docker does. */
  readonly upstreams: readonly Upstream[]
  /**
   * Whether A and AAAA queries for a name of one label that no network knows are forwarded. Default: true. Docker does
   * so unless its configuration, or the host's resolv.conf, sets `ndots`; the answer is empty then.
   */
  readonly forwardsSingleLabels?: boolean | undefined
}

/** What a sandbox is served by; it can be changed meanwhile. */
export type ResolverSettings = Omit<ServedSandbox, 'id' | 'namespace'>

export interface Upstream {
  readonly address: string
  /** Asked from inside the sandbox's namespace, as Docker does with servers given to it, or from the host's. */
  readonly from: 'sandbox' | 'host'
}

/** Answers the sandboxes' DNS queries, in the process that calls it. */
export interface NameService {
  /** What is told of an endpoint replaces what was told before. */
  setName(entry: NameEntry): void
  removeName(endpointId: string): void
  /**
   * Begins to serve a sandbox, or serves it by other settings; rules that somebody took away come back. Rejects with
   * `ERR_NAME_SERVICE`, and nothing is left behind: a sandbox that was served before is not served any more.
   */
  serve(sandbox: ServedSandbox): Promise<void>
  /**
   * Serves a sandbox by other settings from now on, without a look at what is in the kernel; false if it isn't served.
   * Throws a `TypeError` for an upstream that is no address.
   */
  change(sandboxId: string, settings: ResolverSettings): boolean
  /** Is content with a sandbox that isn't served. */
  stop(sandboxId: string): Promise<void>
  close(): Promise<void>
}
