import type { NetworkNamespace } from '../../namespace/index.js'

/** A name on a network. */
export interface NameEntry {
  readonly endpointId: string
  readonly networkId: string
  readonly networkName: string
  /** The sandbox's name, aliases, short id and hostname. Looked up without regard to case, alone or with `.networkName` behind. */
  readonly names: readonly string[]
  readonly address?: string | undefined
  readonly address6?: string | undefined
}

/** A sandbox that has the resolver at 127.0.0.11. */
export interface ServedSandbox {
  readonly id: string
  readonly namespace: NetworkNamespace
  /** The networks whose names it sees, in the order in which they are looked through. */
  readonly networkIds: readonly string[]
  /** Where other queries go, in order; addresses with port 53. None: they are refused. */
  readonly upstreams: readonly Upstream[]
}

export interface Upstream {
  readonly address: string
  /** Asked from inside the sandbox's namespace, as Docker does, or from the host's. */
  readonly from: 'sandbox' | 'host'
}

/** Answers the sandboxes' DNS queries, in the process that calls it. */
export interface NameService {
  /** What is told of an endpoint replaces what was told before. */
  setName(entry: NameEntry): void
  removeName(endpointId: string): void
  /** Begins to serve a sandbox, or serves it by other settings. Rejects with `ERR_NAME_SERVICE`, and nothing is left behind. */
  serve(sandbox: ServedSandbox): Promise<void>
  stop(sandboxId: string): Promise<void>
  close(): Promise<void>
}
