import type { NativeDumpChunk, NativeNamespace } from '../binding.js'
import type { Writer } from '../codec/index.js'
import type { AttributeLocator } from './attribute-path.js'
import type { NetlinkError, RequestDescription } from './errors.js'
import type { Message } from './message.js'

/** What every async method takes last. */
export interface CallOptions {
  /**
   * Before the request is sent, aborting drops it. After that the call rejects with `signal.reason`, and
   * whether the kernel ran the request is not known.
   */
  readonly signal?: AbortSignal | undefined
  /**
   * Milliseconds until the call rejects with `ERR_TIMEOUT`; the stack's `timeout` when absent, and none when
   * `Infinity`. A stream is given that long for each wait for the kernel.
   */
  readonly timeout?: number | undefined
}

/** Gives the index of a link that an operation names; the names are those that it listed in `needs`. */
export type IndexOf = (name: string) => number

/** Runs operations on the connection that a first one ran on. */
export interface Runner {
  run<T>(operation: Operation<T>, options?: CallOptions): Promise<T>
}

/** One request of one message, with what to make of its answer. */
export interface Operation<T> {
  /** In the caller's words, for errors. */
  readonly request: RequestDescription
  /** The message type's name, such as `'RTM_NEWROUTE'`. */
  readonly syscall: string
  readonly type: number
  /** `NLM_F_*` beside `NLM_F_REQUEST` and the acknowledgement. */
  readonly flags: number
  /** Names the attributes in errors. */
  readonly schema: AttributeLocator
  /** Names of links whose index `write` asks for. They are looked up just before. */
  readonly needs?: readonly string[] | undefined
  /** Names of links that exist only once this has run: a batch is cut before an operation that needs one. */
  readonly creates?: readonly string[] | undefined
  /** Namespaces whose descriptors `write` names: they are kept open until the kernel has run it. */
  readonly namespaces?: readonly NativeNamespace[] | undefined
  /** The kernel answers with an object (a get, or an echo): fewer of these fit in a datagram. */
  readonly replies?: boolean | undefined
  /** Appends the payload of the message. Throws what is wrong with the input. */
  write(writer: Writer, indexOf: IndexOf): void
  /** Makes the value out of the messages that answered. Without it the value is `undefined`. */
  read?(messages: readonly Message[]): T
  /**
   * What is left to do once the message succeeded, such as reading back what was made. If it rejects, it
   * has undone what the message did.
   */
  finish?(runner: Runner, messages: readonly Message[], options: CallOptions): Promise<T>
  /** Later operations of a batch must wait for `finish`. */
  readonly blocking?: boolean | undefined
  /** Words of ours where the kernel has none. */
  explain?(code: string): string | undefined
}

/** What became of one operation of a batch. */
export type Outcome<T = unknown> =
  | { readonly status: 'applied'; readonly value: T }
  | { readonly status: 'failed'; readonly error: NetlinkError | Error }
  /** It was not sent, because an earlier one failed or the batch was stopped. */
  | { readonly status: 'skipped' }
  /** It was sent, but the kernel's answer was lost. */
  | { readonly status: 'unknown'; readonly error: Error }

/** A request for many objects. */
export interface DumpRequest<T> {
  readonly request: RequestDescription
  readonly syscall: string
  readonly type: number
  readonly schema: AttributeLocator
  /** Errors that mean that there is nothing to list, such as a table that does not exist. */
  readonly emptyOn?: readonly string[]
  readonly needs?: readonly string[] | undefined
  write(writer: Writer, indexOf: IndexOf): void
  /** Reads one object; `undefined` leaves it out. */
  read(message: Message): T | undefined
  /** Where the addon hands routes of a family over as columns: reads a chunk at a time, instead of `read`. */
  readonly packed?: { readonly family: number; read(chunk: NativeDumpChunk): T | undefined } | undefined
}
