import type { Host, NetworkDriver } from '../drivers/driver.js'
import type { NetworkRecord } from '../model/network.js'

/**
 * Which networks this process knows to be there in the kernel. The others are made when an endpoint needs them: the
 * default ones, and all of them after a restart.
 */
export class NetworkPresence {
  readonly #host: Host
  readonly #made = new Map<string, Promise<void>>()

  constructor(host: Host) {
    this.#host = host
  }

  /** Makes what isn't there of a network. */
  ensure(driver: NetworkDriver, network: NetworkRecord): Promise<void> {
    let made = this.#made.get(network.id)
    if (made === undefined) {
      made = driver.ensureNetwork(this.#host, network)
      this.#made.set(network.id, made)
      made.catch(() => this.forget(network.id))
    }
    return made
  }

  /** Whether its objects were made, or found, by this process. */
  has(networkId: string): boolean {
    return this.#made.has(networkId)
  }

  /** Its objects may be gone, or wrong. */
  forget(networkId: string): void {
    this.#made.delete(networkId)
  }
}
