import { InvalidType, invalidValue, within } from '../codec/index.js'
import { NetloomError } from './errors.js'
import type { Closable } from './connection.js'

/** What a stream of events is closed along with. */
export interface EventStreamOwner {
  attach(child: Closable): void
  detach(child: Closable): void
}

/**
 * Something that follows changes, as an async iterator that one loop can read. Ending the loop closes it, and so do
 * `close()`, its signal, and its owner.
 */
export abstract class EventStream<E> implements AsyncIterable<E>, Closable {
  readonly #owner: EventStreamOwner
  readonly #signal: AbortSignal | undefined
  readonly #abort = (): void => void this.close()
  #reading = false
  #closed = false

  constructor(owner: EventStreamOwner, signal: AbortSignal | undefined) {
    signal?.throwIfAborted()
    this.#owner = owner
    this.#signal = signal
    owner.attach(this)
    signal?.addEventListener('abort', this.#abort, { once: true })
  }

  /** Ends the loop that reads it, and releases its sockets. It can be repeated. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#signal?.removeEventListener('abort', this.#abort)
    this.#owner.detach(this)
    await this.release()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<E, void, undefined> {
    if (this.#reading) throw new NetloomError('ERR_CLOSED', 'a monitor is read by one loop only')
    this.#reading = true
    try {
      yield* this.events()
      this.#signal?.throwIfAborted()
    } finally {
      await this.close()
    }
  }

  protected get closed(): boolean {
    return this.#closed
  }

  /** Tells what changes, until it is closed. */
  protected abstract events(): AsyncGenerator<E, void, undefined>

  /** Closes its sockets, once. */
  protected abstract release(): Promise<void>
}

/** The objects that a monitor is asked to watch, checked; all of them when none are named. */
export function chosenObjects<O extends string>(
  objects: readonly O[] | undefined,
  all: readonly O[]
): readonly O[] {
  if (objects === undefined) return all
  return within('objects', () => {
    const given: unknown = objects
    if (!Array.isArray(given) || given.length === 0)
      throw new InvalidType(objects, 'an array of objects to watch')
    for (const object of objects) {
      if (!all.includes(object)) invalidValue(object, `one of ${all.map((name) => `"${name}"`).join(', ')}`)
    }
    return objects
  })
}
