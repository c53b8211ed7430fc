import type { Endpoint } from '../endpoint/endpoint.js'
import { describeEndpoint } from '../endpoint/endpoint.js'
import type { Engine } from '../engine/engine.js'
import { afterRecovery } from '../reconcile/recover.js'
import type { NetworkOptions } from '../model/network.js'
import { findNetwork, getSandbox, listEndpointsOfNetwork, listNetworks } from '../state/index.js'
import type { ReadTransaction } from '../state/index.js'
import { createNetwork } from './create.js'
import { Network } from './network.js'
import { removeNetwork } from './remove.js'

/** An endpoint, with the name of its sandbox. */
export interface NetworkEndpoint extends Endpoint {
  readonly sandboxName: string
}

/** A network, and who is on it. */
export interface NetworkInspection extends Network {
  readonly endpoints: readonly NetworkEndpoint[]
  /** The name of the bridge on the host, where it is one. */
  readonly bridge?: string | undefined
}

/** The networks that there are: `bridge`, `host` and `none` from the start, and those that are made. */
export class Networks {
  readonly #engine: Engine

  /** @internal Use `ContainerNetworks.networks`. */
  constructor(engine: Engine) {
    this.#engine = engine
  }

  /**
   * Makes a network.
   *
   * Rejects with a `TypeError` or `RangeError` that has the path of the option, `ERR_NETWORK_EXISTS` if the name is
   * taken, `ERR_SUBNET_IN_USE` if a subnet overlaps one of another network or of the host, `ERR_POOL_EXHAUSTED` if none
   * is left to choose, `ERR_IPV6_DISABLED`, and what its driver reports: `ERR_LINK_EXISTS`, `ERR_LINK_NOT_FOUND` or
   * `ERR_LINK_IN_USE` of its bridge or parent link, `ERR_FOREIGN_FIREWALL` where another table would drop its traffic,
   * and what the kernel refuses. Nothing is left behind then.
   */
  async create(options: NetworkOptions): Promise<Network> {
    return this.#change(async () => new Network(await createNetwork(this.#engine, options)))
  }

  /**
   * Finds a network by its name, or by its id or at least three digits with which that begins; a name goes first. Rejects with
   * `ERR_NETWORK_NOT_FOUND` or `ERR_AMBIGUOUS_ID`.
   */
  async get(nameOrId: string): Promise<Network> {
    return this.#read((transaction) => new Network(findNetwork(transaction, nameOrId)))
  }

  /** All networks, by name. One that is just being made, or removed, is not among them. */
  async list(): Promise<Network[]> {
    return this.#read((transaction) =>
      listNetworks(transaction)
        .filter(({ phase }) => phase === 'ready')
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map((record) => new Network(record))
    )
  }

  /** Finds a network as `get` does, with its endpoints, by the names of their sandboxes. */
  async inspect(nameOrId: string): Promise<NetworkInspection> {
    return this.#read((transaction) => {
      const network = findNetwork(transaction, nameOrId)
      const endpoints = listEndpointsOfNetwork(transaction, network.id)
        .filter(({ phase }) => phase === 'connected')
        .map((endpoint) => {
          const sandboxName = getSandbox(transaction, endpoint.sandboxId)?.name ?? endpoint.sandboxId
          return { ...describeEndpoint(network, endpoint), sandboxName }
        })
        .sort((a, b) => (a.sandboxName < b.sandboxName ? -1 : 1))
      const { name } = network.driverOptions
      const bridge = network.driver === 'bridge' && typeof name === 'string' ? name : undefined
      return { ...new Network(network), endpoints, bridge }
    })
  }

  /**
   * Removes a network, found as by `get`. Rejects with `ERR_NETWORK_NOT_FOUND`, `ERR_AMBIGUOUS_ID`,
   * `ERR_NETWORK_IN_USE` while it has endpoints, and `ERR_NETWORK_PREDEFINED` for one that is always there. An existing
   * bridge, and a parent link that was there, stay.
   */
  async remove(nameOrId: string): Promise<void> {
    await this.#change(() => removeNetwork(this.#engine, nameOrId))
  }

  async #change<T>(work: () => Promise<T>): Promise<T> {
    return this.#engine.calls.run(() => afterRecovery(this.#engine, work))
  }

  async #read<T>(body: (transaction: ReadTransaction) => T): Promise<T> {
    return this.#engine.calls.run(() => this.#engine.store.read(body))
  }
}
