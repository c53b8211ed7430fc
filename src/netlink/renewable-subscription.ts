import type { NativeEvents } from '../binding.js'
import type { NetlinkSubscription } from './subscription.js'

/** Milliseconds between two readings of everything while the kernel keeps dropping events. */
export const resyncPause = 50

/** A subscription that is replaced when the kernel has dropped events. */
export class RenewableSubscription {
  readonly #open: () => Promise<NetlinkSubscription>
  #current: Promise<NetlinkSubscription>
  #closed = false

  constructor(open: () => Promise<NetlinkSubscription>) {
    this.#open = open
    this.#current = open()
    this.#current.catch(() => undefined)
  }

  /** Settles once it listens. */
  async ready(): Promise<void> {
    await this.#current
  }

  /** The next events, or `undefined` once closed. One read at a time. */
  async read(): Promise<NativeEvents | undefined> {
    return (await this.#current).read()
  }

  /**
   * Listens anew, not sooner than a pause after `since`: what the old socket still holds may be older than what
   * is read next, and a new one begins with now. False once closed.
   */
  async renew(since: number): Promise<boolean> {
    const wait = resyncPause - (performance.now() - since)
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    if (this.#closed) return false
    const old = await this.#current
    this.#current = this.#open()
    const fresh = await this.#current
    await old.close()
    // Whoever closed it meanwhile saw the old one.
    if (this.#closed) await fresh.close()
    return !this.#closed
  }

  async close(): Promise<void> {
    this.#closed = true
    const subscription = await this.#current.catch(() => undefined)
    await subscription?.close()
  }
}
