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

  [Symbol.asyncIterator](): AsyncGenerator<E, void, undefined> {
    if (this.#reading) throw new NetloomError('ERR_CLOSED', 'a monitor is read by one loop only')
    this.#reading = true
    return new EventIterator(this.#batches())
  }

  async *#batches(): AsyncGenerator<readonly E[], void, undefined> {
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

  /** Tells what changes, as many as there are at a time, until it is closed. */
  protected abstract events(): AsyncGenerator<readonly E[], void, undefined>

  /** Closes its sockets, once. */
  protected abstract release(): Promise<void>
}

/** Hands out, one by one, what comes in batches: a generator would cost more for each than the event itself. */
class EventIterator<E> implements AsyncGenerator<E, void, undefined> {
  readonly #batches: AsyncGenerator<readonly E[], void, undefined>
  #batch: readonly E[] = []
  #next = 0

  constructor(batches: AsyncGenerator<readonly E[], void, undefined>) {
    this.#batches = batches
  }

  next(): Promise<IteratorResult<E, void>> {
    if (this.#next < this.#batch.length)
      return Promise.resolve({ done: false, value: this.#batch[this.#next++]! })
    return this.#advance()
  }

  return(): Promise<IteratorResult<E, void>> {
    this.#batch = []
    return this.#batches.return() as Promise<IteratorReturnResult<void>>
  }

  throw(error: unknown): Promise<IteratorResult<E, void>> {
    this.#batch = []
    return this.#batches.throw(error) as Promise<IteratorReturnResult<void>>
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async #advance(): Promise<IteratorResult<E, void>> {
    for (;;) {
      const { done, value } = await this.#batches.next()
      if (done === true) return { done, value: undefined }
      if (this.#next < this.#batch.length) {
        // Somebody asked for several at once, and another call has begun a batch: this one goes behind it.
        this.#batch = [...this.#batch.slice(this.#next), ...value]
        this.#next = 0
      } else {
        this.#batch = value
        this.#next = 0
      }
      if (this.#batch.length > 0) return { done: false, value: this.#batch[this.#next++]! }
    }
  }
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
