import type { NamespaceReference } from '../../namespace/index.js'
import type { Phase, ProcessIdentity } from './network.js'

/** How a sandbox resolves names; Docker's rules fill in the rest. */
export interface SandboxDnsOptions {
  /** Upstream servers. Default: those of the host's `/etc/resolv.conf`, without loopback ones. */
  readonly servers?: readonly string[] | undefined
  /** Default: the host's. `['.']` for none. */
  readonly search?: readonly string[] | undefined
  /**
   * `options` of resolv.conf(5); `ndots` from 0 to 15, `timeout` from 1 to 30, `attempts` from 1 to 5. Default: the host's,
   * and `ndots:0` on a user-defined network.
   */
  readonly options?: readonly string[] | undefined
}

/** What `sandboxes.create` takes. */
export interface SandboxOptions {
  /** By which others on a user-defined network resolve it. Default: the first 12 digits of its id. */
  readonly name?: string | undefined
  /** Default: the first 12 digits of its id. */
  readonly hostname?: string | undefined
  readonly domainName?: string | undefined
  /** A namespace that the runtime brings, and keeps. Default: one of its own, which goes with the sandbox. */
  readonly namespace?: NamespaceReference | undefined
  /** It is in the host's own namespace, for the network `host` alone; in place of `namespace`. Default: false. */
  readonly hostNamespace?: boolean | undefined
  readonly dns?: SandboxDnsOptions | undefined
  /** Lines for `/etc/hosts`, `'name:address'`; the address may be `host-gateway`. */
  readonly extraHosts?: readonly string[] | undefined
  /** Kernel parameters below `net`, set once in its namespace: `{ 'net.ipv4.ip_forward': '1' }`. */
  readonly sysctls?: Readonly<Record<string, string>> | undefined
  readonly labels?: Readonly<Record<string, string>> | undefined
}

/** A sandbox, as the store keeps it. Plain JSON. */
export interface SandboxRecord {
  /** 64 hexadecimal digits. */
  readonly id: string
  readonly name: string
  readonly hostname: string
  readonly domainName?: string | undefined
  readonly created: number
  /** The file of its namespace. */
  readonly namespacePath: string
  /** It was made for the sandbox, and goes with it. */
  readonly ownNamespace: boolean
  /** Its namespace is the host's, whatever `namespacePath` says. */
  readonly hostNamespace?: boolean | undefined
  /** Of the namespace: tells whether the file still names it. Absent until it is made. */
  readonly namespaceInode?: number | undefined
  /** The boot that its namespace is of: after another one it is gone. */
  readonly bootId: string
  readonly dns: SandboxDnsOptions
  readonly extraHosts: readonly string[]
  readonly sysctls: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
  readonly phase: Phase
  readonly owner?: ProcessIdentity | undefined
}
