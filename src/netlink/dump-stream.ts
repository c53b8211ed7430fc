import type { NativeDumpChunk, NativeSocket } from '../binding.js'
import type { RunningCall } from './call.js'
import { chunks, pacerOf } from './dump.js'
import { DumpInterruptedError } from './errors.js'
import { MessageReader } from './message.js'
import type { DumpRequest, IndexOf } from './operation.js'
import type { Pacer } from './pacer.js'

/** What a streamed dump runs on. */
export interface Stream {
  /** The stream's own. */
  readonly socket: NativeSocket
  readonly indexOf: IndexOf
  /** The bounds of the next wait for the kernel. */
  wait(): RunningCall
  close(): Promise<void>
}

type Step<T> = IteratorResult<T, undefined>

/** How many messages that are left out are passed over at once, before the clock is looked at. */
const stride = 64

/**
 * Streams a dump. It opens with the first step and closes with the last, an error, or `return`. What was given
 * can't be taken back, so an interruption is told at the end.
 *
 * Behaves as an async generator would, whose machinery costs more than decoding an object does: what is there
 * already is given at once.
 */
export class DumpStream<T> implements AsyncGenerator<T, undefined, undefined> {
  readonly #dump: DumpRequest<T>
  readonly #open: () => Promise<Stream>
  readonly #pacer: Pacer
  #stream: Stream | undefined
  #chunks: AsyncGenerator<NativeDumpChunk, void, undefined> | undefined
  #reader = new MessageReader(new Uint8Array(0))
  /** What a whole chunk came to, where it is not read message by message. */
  #packed: T | undefined
  #interrupted = false
  #ended = false
  /** The last of the steps that had to wait, if it is under way: those after it come behind it. */
  #last: Promise<unknown> | undefined

  constructor(dump: DumpRequest<T>, open: () => Promise<Stream>) {
    this.#dump = dump
    this.#open = open
    this.#pacer = pacerOf(dump)
  }

  next(): Promise<Step<T>> {
    if (this.#last !== undefined) return this.#wait(() => this.#advance())
    if (this.#pacer.due()) return this.#wait(() => this.#turn())
    try {
      const value = this.#buffered()
      if (value !== undefined) return Promise.resolve({ done: false, value })
    } catch (error) {
      return this.#wait(() => this.#end(error))
    }
    return this.#wait(() => this.#advance())
  }

  return(): Promise<Step<T>> {
    return this.#wait(() => this.#end())
  }

  throw(error: unknown): Promise<Step<T>> {
    return this.#wait(() => this.#end(error))
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  /** The next object that has arrived; `undefined` if there is none, or only others for a while. */
  #buffered(): T | undefined {
    const packed = this.#packed
    if (packed !== undefined) {
      this.#packed = undefined
      return packed
    }
    const reader = this.#reader
    for (let i = 0; i < stride && reader.next(); i++) {
      const value = this.#dump.read(reader)
      if (value !== undefined) return value
    }
    return undefined
  }

  /** Gives the next object, however long that takes. */
  async #advance(): Promise<Step<T>> {
    try {
      while (!this.#ended) {
        const value = this.#buffered()
        if (value !== undefined) return { done: false, value }
        if (this.#reader.done && !(await this.#fetch())) {
          await this.#end()
          if (this.#interrupted) throw new DumpInterruptedError(this.#dump.syscall, [], undefined)
        }
        if (this.#pacer.due()) await this.#pacer.turn()
      }
      return { done: true, value: undefined }
    } catch (error) {
      return this.#end(error)
    }
  }

  /** Gets the next chunk; false when there is none. */
  async #fetch(): Promise<boolean> {
    if (this.#chunks === undefined) {
      const stream = await this.#open()
      this.#stream = stream
      this.#chunks = chunks(stream.socket, this.#dump, stream.indexOf, () => stream.wait(), 1)
    }
    const { done, value } = await this.#chunks.next()
    if (done === true) return false
    this.#interrupted = value.interrupted
    const { packed } = this.#dump
    if (packed === undefined) this.#reader = new MessageReader(value.messages)
    else this.#packed = packed.read(value)
    return true
  }

  /** Lets go of everything; throws `error`, if it is given one. */
  async #end(...error: [unknown?]): Promise<Step<T>> {
    const first = !this.#ended
    this.#ended = true
    this.#reader = new MessageReader(new Uint8Array(0))
    if (first) {
      try {
        await this.#chunks?.return()
      } finally {
        await this.#stream?.close()
      }
    }
    if (error.length > 0) throw error[0]
    return { done: true, value: undefined }
  }

  async #turn(): Promise<Step<T>> {
    await this.#pacer.turn()
    return this.#advance()
  }

  /** Takes a step once those before it are done. */
  #wait(step: () => Promise<Step<T>>): Promise<Step<T>> {
    const result = this.#last === undefined ? step() : this.#last.then(step)
    const settled = (): void => {
      if (this.#last === last) this.#last = undefined
    }
    const last: Promise<void> = result.then(settled, settled)
    this.#last = last
    return result
  }
}
