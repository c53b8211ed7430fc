import { binding } from '../binding.js'
import type { NativeEvents, NativeNamespace, NativeSubscription } from '../binding.js'
import { fromNative } from './errors.js'
import { Pacer } from './pacer.js'

export interface SubscriptionOptions {
  readonly protocol: number
  /** Multicast group numbers, such as `RTNLGRP_LINK`. */
  readonly groups: readonly number[]
  readonly namespace?: NativeNamespace | undefined
  readonly receiveBuffer?: number | undefined
}

/** A socket that listens to multicast groups; the kernel queues events from `open` on. */
export class NetlinkSubscription {
  readonly #native: NativeSubscription
  /** While events come faster than they are read, no read waits for the event loop. */
  readonly #pacer = new Pacer(1)

  private constructor(native: NativeSubscription) {
    this.#native = native
  }

  static async open(options: SubscriptionOptions): Promise<NetlinkSubscription> {
    const { groups, ...socket } = options
    try {
      return new NetlinkSubscription(await binding().openSubscription(socket, groups))
    } catch (error) {
      throw fromNative(error)
    }
  }

  /** The next events, or `undefined` once closed. One read at a time. */
  async read(): Promise<NativeEvents | undefined> {
    if (this.#pacer.due()) await this.#pacer.turn()
    try {
      return await this.#native.read()
    } catch (error) {
      throw fromNative(error)
    }
  }

  close(): Promise<void> {
    return this.#native.close()
  }
}
