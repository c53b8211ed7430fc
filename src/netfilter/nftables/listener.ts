import { EventStream, messages } from '../../netlink/index.js'
import type { Message, NetlinkSubscription } from '../../netlink/index.js'
import { InvalidType } from '../../codec/index.js'
import type { NetfilterConnection } from '../netfilter-connection.js'

export interface NftMonitorOptions {
  /** Ends it. */
  readonly signal?: AbortSignal | undefined
  /** Bytes of receive buffer for events that wait to be read; the kernel's default when absent. */
  readonly receiveBuffer?: number | undefined
}

/** What a listener makes of what it hears. */
export interface Hearing<E> {
  readonly group: number
  event(message: Message): readonly E[] | Promise<readonly E[]>
  /** What to tell when the kernel dropped events. */
  lost(): E | Promise<E>
}

/** Events of a multicast group. */
export class NftListener<E> extends EventStream<E> {
  readonly #hearing: Hearing<E>
  readonly #subscription: Promise<NetlinkSubscription>

  /** Use `stack.nftables.monitor()` or `.trace()`. */
  constructor(netfilter: NetfilterConnection, hearing: Hearing<E>, options: NftMonitorOptions) {
    const { signal, receiveBuffer } = options
    if (signal !== undefined && !(signal instanceof AbortSignal)) {
      throw new InvalidType(signal, 'an AbortSignal').within('signal')
    }
    super(netfilter, signal)
    this.#hearing = hearing
    this.#subscription = netfilter.subscribe([hearing.group], receiveBuffer)
    this.#subscription.catch(() => undefined)
  }

  protected async *events(): AsyncGenerator<readonly E[], void, undefined> {
    const subscription = await this.#subscription
    for (;;) {
      const events = await subscription.read()
      if (events === undefined || this.closed) return
      if (events.overrun) yield [await this.#hearing.lost()]
      for (const message of messages(events.messages)) {
        yield await this.#hearing.event(message)
      }
    }
  }

  protected async release(): Promise<void> {
    const subscription = await this.#subscription.catch(() => undefined)
    await subscription?.close()
  }
}
