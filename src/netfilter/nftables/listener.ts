import { NetloomError, messages } from '../../netlink/index.js'
import type { Message, NetlinkSubscription } from '../../netlink/index.js'
import { InvalidType } from '../../codec/index.js'
import type { NetfilterChannel } from './connection.js'

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

/** Events of a multicast group, as an async iterator that one loop can read. Ending the loop closes it. */
export class NftListener<E> implements AsyncIterable<E> {
  readonly #channel: NetfilterChannel
  readonly #hearing: Hearing<E>
  readonly #signal: AbortSignal | undefined
  readonly #subscription: Promise<NetlinkSubscription>
  readonly #abort = (): void => void this.close()
  #reading = false
  #closed = false

  /** Use `stack.nftables.monitor()` or `.trace()`. */
  constructor(channel: NetfilterChannel, hearing: Hearing<E>, options: NftMonitorOptions) {
    const { signal, receiveBuffer } = options
    if (signal !== undefined && !(signal instanceof AbortSignal)) {
      throw new InvalidType(signal, 'an AbortSignal').within('signal')
    }
    signal?.throwIfAborted()
    this.#channel = channel
    this.#hearing = hearing
    this.#signal = signal
    channel.attach(this)
    this.#subscription = channel.subscribe([hearing.group], receiveBuffer)
    this.#subscription.catch(() => undefined)
    signal?.addEventListener('abort', this.#abort, { once: true })
  }

  /** Ends the loop that reads it, and releases its socket. It can be repeated. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#signal?.removeEventListener('abort', this.#abort)
    this.#channel.detach(this)
    const subscription = await this.#subscription.catch(() => undefined)
    await subscription?.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<E, void, undefined> {
    if (this.#reading) throw new NetloomError('ERR_CLOSED', 'a monitor is read by one loop only')
    this.#reading = true
    try {
      const subscription = await this.#subscription
      for (;;) {
        const events = await subscription.read()
        if (events === undefined || this.#closed) break
        if (events.overrun) yield await this.#hearing.lost()
        for (const message of messages(events.messages)) {
          yield* await this.#hearing.event(message)
        }
      }
      this.#signal?.throwIfAborted()
    } finally {
      await this.close()
    }
  }
}
