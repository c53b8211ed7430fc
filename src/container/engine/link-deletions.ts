import type { Host, NetworkDriver } from '../drivers/driver.js'
import type { EndpointRecord } from '../model/endpoint.js'
import { deleteEndpoint } from '../state/index.js'
import type { Store } from '../state/index.js'
import { beginWork, endWork } from './under-way.js'

/**
 * Milliseconds for which links are gathered. Deleting them holds the kernel's routing lock for 15 to 30 ms, many as
 * long as one, and whatever is connected meanwhile waits.
 */
const gatherFor = 50

/** Deletes the links of endpoints that are gone, many at a time, and then their records. */
export class LinkDeletions {
  readonly #store: Store
  readonly #host: Host
  #waiting = new Map<NetworkDriver, EndpointRecord[]>()
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #failure: { readonly error: unknown } | undefined

  constructor(store: Store, host: Host) {
    this.#store = store
    this.#host = host
  }

  /** The process stays alive until they are deleted. */
  add(driver: NetworkDriver, endpoint: EndpointRecord): void {
    beginWork(endpoint.id)
    const others = this.#waiting.get(driver)
    if (others === undefined) this.#waiting.set(driver, [endpoint])
    else others.push(endpoint)
    this.#timer ??= setTimeout(() => void this.#run(), gatherFor)
  }

  /**
   * Deletes at once what waits, and resolves when it is done. Rejects with what failed since the last time; these
   * links are deleted by `reconcile`.
   */
  async settle(): Promise<void> {
    while (this.#waiting.size > 0 || this.#running !== undefined) await this.#run()
    const failure = this.#failure
    this.#failure = undefined
    if (failure !== undefined) throw failure.error
  }

  #run(): Promise<void> {
    this.#running ??= this.#deleteWaiting().finally(() => {
      this.#running = undefined
      if (this.#waiting.size > 0) this.#timer ??= setTimeout(() => void this.#run(), gatherFor)
    })
    return this.#running
  }

  async #deleteWaiting(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const waiting = this.#waiting
    this.#waiting = new Map()
    for (const [driver, endpoints] of waiting) {
      try {
        await deleteLinks(this.#store, this.#host, driver, endpoints)
      } catch (error) {
        this.#failure ??= { error }
      } finally {
        for (const { id } of endpoints) endWork(id)
      }
    }
  }
}

/** Deletes the links of endpoints that are gone, and what is known of them. */
export async function deleteLinks(
  store: Store,
  host: Host,
  driver: NetworkDriver,
  endpoints: readonly EndpointRecord[]
): Promise<void> {
  await driver.removeLinks(host, endpoints)
  await store.write((transaction) => {
    for (const { id } of endpoints) deleteEndpoint(transaction, id)
  })
}
