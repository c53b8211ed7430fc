import { NetworkNamespace } from '../../namespace/index.js'
import type { NamespaceProcess, SpawnOptions } from '../../namespace/index.js'
import type { Inside } from '../drivers/driver.js'
import { connectSandbox, goneError } from '../endpoint/connect.js'
import { disconnectSandbox } from '../endpoint/disconnect.js'
import { describeEndpoint } from '../endpoint/endpoint.js'
import type { Endpoint } from '../endpoint/endpoint.js'
import { endpointsInOrder } from '../endpoint/order.js'
import type { Engine } from '../engine/engine.js'
import type { EndpointOptions } from '../model/endpoint.js'
import type { SandboxRecord } from '../model/sandbox.js'
import type { SandboxFilePaths } from '../naming/sandbox-files.js'
import { afterRecovery } from '../reconcile/recover.js'

/** An isolated network stack, which is connected to networks. Its properties are as they were when it was read. */
export class Sandbox {
  /** 64 hexadecimal digits. */
  readonly id: string
  readonly name: string
  readonly hostname: string
  readonly domainName: string | undefined
  /** The file of its namespace. */
  readonly namespacePath: string
  /** The namespace was made for it, and goes with it. */
  readonly ownNamespace: boolean
  /** It is in the host's own namespace. */
  readonly hostNamespace: boolean
  readonly labels: Readonly<Record<string, string>>
  readonly created: Date
  /** The paths of its `/etc/resolv.conf`, `/etc/hosts` and `/etc/hostname`: they are rewritten in place, so that they can be bind-mounted. */
  readonly files: SandboxFilePaths
  readonly #engine: Engine
  readonly #record: SandboxRecord

  /** @internal Use `ContainerNetworks.sandboxes`. */
  constructor(engine: Engine, record: SandboxRecord) {
    this.#engine = engine
    this.#record = record
    this.id = record.id
    this.name = record.name
    this.hostname = record.hostname
    this.domainName = record.domainName
    this.namespacePath = record.namespacePath
    this.ownNamespace = record.ownNamespace
    this.hostNamespace = record.hostNamespace === true
    this.labels = record.labels
    this.created = new Date(record.created)
    this.files = engine.naming.filesOf(record.id)
  }

  /**
   * Connects the sandbox to a network, by its name or id, while processes run in it.
   *
   * Rejects with a `TypeError` or `RangeError` that has the path of the option, and with `ERR_NETWORK_NOT_FOUND`,
   * `ERR_SANDBOX_NOT_FOUND`, `ERR_ENDPOINT_EXISTS`, `ERR_ADDRESS_IN_USE`, `ERR_POOL_EXHAUSTED`, `ERR_PORT_IN_USE`,
   * `ERR_INTERFACE_EXISTS`, `ERR_ROUTE_EXISTS`, `ERR_NETWORK_MODE`, `ERR_SANDBOX_GONE`, `ERR_BRIDGE_FULL`,
   * `ERR_LINK_EXISTS`, `ERR_LINK_NOT_FOUND`, `ERR_LINK_IN_USE`, `ERR_FOREIGN_FIREWALL`, `ERR_FIREWALL_INCOMPLETE`,
   * `ERR_NAME_SERVICE`, and what the kernel reports, such as `EADDRNOTAVAIL` for a port at an address that the host
   * hasn't. Nothing is left behind then.
   */
  async connect(network: string, options: EndpointOptions = {}): Promise<Endpoint> {
    const { network: record, endpoint } = await this.#engine.calls.run(() =>
      afterRecovery(this.#engine, () => connectSandbox(this.#engine, this.id, network, options))
    )
    return describeEndpoint(record, endpoint)
  }

  /**
   * Disconnects the sandbox. When this resolves, its address and ports are free, its rules are gone, and the interface is
   * out of the way; the interface itself is deleted in the background, see `ContainerNetworks.settled`. Rejects with
   * `ERR_ENDPOINT_NOT_FOUND` if it is not connected to the network, and with `ERR_NETWORK_NOT_FOUND`,
   * `ERR_AMBIGUOUS_ID` or `ERR_SANDBOX_NOT_FOUND`.
   */
  async disconnect(network: string): Promise<void> {
    await this.#engine.calls.run(() => disconnectSandbox(this.#engine, this.id, network))
  }

  /** Its endpoints: the one that may give the default route first, in the order in which names are looked up. */
  async endpoints(): Promise<Endpoint[]> {
    return this.#engine.calls.run(() =>
      this.#engine.store
        .read((transaction) => endpointsInOrder(transaction, this.id))
        .filter(({ endpoint }) => endpoint.phase === 'connected')
        .map(({ network, endpoint }) => describeEndpoint(network, endpoint))
    )
  }

  /** Opens its namespace; the handle is the caller's. Rejects with `ERR_SANDBOX_GONE` if it is gone. */
  async openNamespace(): Promise<NetworkNamespace> {
    return this.#inside((inside) => NetworkNamespace.open({ fd: inside.namespace.native.fd }))
  }

  /**
   * Starts a process in its namespace, with its files bound over those in `/etc`, unless `mounts` is false. See
   * `NetworkNamespace.spawn`.
   */
  async spawn(
    command: string,
    args: readonly string[] = [],
    options: SpawnOptions = {}
  ): Promise<NamespaceProcess> {
    const { resolvConf, hosts, hostname } = this.files
    const binds = { '/etc/resolv.conf': resolvConf, '/etc/hosts': hosts, '/etc/hostname': hostname }
    const all = options.mounts === false ? options : { ...options, binds: { ...binds, ...options.binds } }
    return this.#inside((inside) => inside.namespace.spawn(command, args, all))
  }

  async #inside<T>(work: (inside: Inside) => Promise<T>): Promise<T> {
    return this.#engine.calls.run(() =>
      this.#engine.namespaces.use(this.#record, async (inside) => {
        if (inside === undefined) throw goneError(this.#record)
        return work(inside)
      })
    )
  }
}
