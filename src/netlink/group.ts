import type { NativeNamespace } from '../binding.js'
import { Writer } from '../codec/index.js'
import type { Operation } from './operation.js'
import { encode, missingLink } from './request.js'
import type { Requests } from './request.js'

/** The most requests handed over at once: progress is told, and an abort heeded, between two of these. */
const mostOperations = 4096

/** A group takes no more once it holds this many bytes. */
const mostBytes = 256 * 1024

/** In place of the index of a link that has not been looked up yet. */
const anyIndex = (): number => 1

/** Why an operation of a group can't be sent. */
export interface Refusal {
  /** Its index within the group. */
  readonly index: number
  readonly error: Error
}

/** Operations of a batch that are handed over together. */
export class Group {
  readonly operations: Operation<unknown>[] = []
  /** Names of links to look up first. */
  readonly needs = new Set<string>()
  readonly #creates = new Set<string>()
  readonly #namespaces = new Set<NativeNamespace>()
  readonly #writer = new Writer(1024)
  /**
   * Where each operation's message begins in the writer; −1 if it can't be written yet: a link has to be looked
   * up, or a namespace may be closed by then.
   */
  readonly #starts: number[] = []
  #replies = false
  #sealed = false

  /** True if any request is answered by an object. */
  get replies(): boolean {
    return this.#replies
  }

  /** Whether an operation may be sent along with those that are here. */
  takes(operation: Operation<unknown>): boolean {
    if (this.operations.length === 0) return true
    if (this.#sealed || this.operations.length >= mostOperations || this.#writer.position >= mostBytes)
      return false
    return operation.needs?.some((name) => this.#creates.has(name)) !== true
  }

  /** Adds an operation; throws what is wrong with its input. */
  add(operation: Operation<unknown>): void {
    const { needs = [], namespaces = [], creates } = operation
    const start = encode(this.#writer, operation, anyIndex)
    if (needs.length === 0 && namespaces.length === 0) {
      this.#starts.push(start)
    } else {
      this.#writer.truncate(start)
      this.#starts.push(-1)
      for (const name of needs) this.needs.add(name)
      for (const namespace of namespaces) this.#namespaces.add(namespace)
    }
    this.operations.push(operation)
    if (creates !== undefined) for (const name of creates) this.#creates.add(name)
    this.#replies ||= operation.replies === true
    this.#sealed ||= operation.blocking === true
  }

  /**
   * The group's requests, with the indices of the links that were found. `indices` are those of the
   * operations within the group, where they differ: an operation that names a link that isn't there is
   * refused, and with `stop` those behind it are left out.
   */
  requests(
    found: ReadonlyMap<string, number>,
    stop: boolean
  ): { requests: Requests; indices: readonly number[] | undefined; refused: readonly Refusal[] } {
    if (this.needs.size === 0 && this.#namespaces.size === 0) {
      const requests = { operations: this.operations, bytes: this.#writer.written(), starts: this.#starts }
      return { requests, indices: undefined, refused: [] }
    }
    const writer = new Writer(this.#writer.position + this.operations.length * 64)
    const operations: Operation<unknown>[] = []
    const starts: number[] = []
    const indices: number[] = []
    const refused: Refusal[] = []
    const source = this.#writer.bytes
    for (let index = 0; index < this.operations.length; index++) {
      const operation = this.operations[index]!
      const from = this.#starts[index]!
      try {
        starts.push(
          from < 0
            ? encode(writer, operation, (name) => found.get(name) ?? missingLink(operation, name))
            : copy(writer, source, from)
        )
      } catch (error) {
        refused.push({ index, error: error as Error })
        if (stop) break
        continue
      }
      operations.push(operation)
      indices.push(index)
    }
    const namespaces = [...this.#namespaces].filter((namespace) => namespace.fd >= 0)
    return { requests: { operations, bytes: writer.written(), starts, namespaces }, indices, refused }
  }
}

/** Appends the message that lies at `from`. */
function copy(writer: Writer, source: Uint8Array, from: number): number {
  const start = writer.position
  const length = source[from]! | (source[from + 1]! << 8) | (source[from + 2]! << 16)
  writer.raw(source.subarray(from, from + length))
  const padding = -length & 3
  if (padding !== 0) writer.zeros(padding)
  return start
}
