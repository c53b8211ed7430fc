import { binding } from '../binding.js'
import type { NativeExchange, NativeNamespace, NativeSocket } from '../binding.js'
import { Writer } from '../codec/index.js'
import { bounded, checkCallOptions } from './call.js'
import { iterateDump, listDump } from './dump.js'
import { errnoName, errnoOf } from './errno.js'
import { NetlinkError, NetloomError, closedError, errorOf, fromNative, unknownOutcome } from './errors.js'
import { readAcknowledgement } from './extended-ack.js'
import { NLMSG_ERROR, NLM_F_REQUEST, messages } from './message.js'
import type { Message } from './message.js'
import type { CallOptions, DumpRequest, IndexOf, Operation, Runner } from './operation.js'

/** Looks up the links that operations name. A name that no link has is left out of what it gives. */
export type ResolveNames = (
  connection: NetlinkConnection,
  names: readonly string[],
  options: CallOptions
) => Promise<ReadonlyMap<string, number>>

export interface ConnectionOptions {
  /** `NETLINK_*`, linux/netlink.h. */
  readonly protocol: number
  /** Where; without one, the namespace that the calling thread is in now. The connection keeps a descriptor of its own. */
  readonly namespace?: NativeNamespace | undefined
  readonly receiveBuffer?: number | undefined
  /** Milliseconds for a call that gives none of its own. */
  readonly timeout?: number | undefined
  readonly resolveNames?: ResolveNames | undefined
}

/** Something that ends with a connection. */
export interface Closable {
  close(): Promise<void>
}

/** An encoded request in a buffer of them. */
export interface EncodedRequest {
  readonly operation: Operation<unknown>
  readonly start: number
  readonly end: number
}

/** What became of one request of an exchange. */
export type Reply =
  | { readonly kind: 'done'; readonly messages: readonly Message[] }
  | { readonly kind: 'failed'; readonly error: NetlinkError }
  | { readonly kind: 'unsent' }
  | { readonly kind: 'unknown'; readonly error: Error }

const noMessages: readonly Message[] = []

/** A netlink socket, and the requests that go over it, in order. */
export class NetlinkConnection implements Runner {
  readonly #socket: NativeSocket
  readonly #options: ConnectionOptions
  /** Our own descriptor, so that more sockets can be opened there whatever becomes of the caller's. */
  readonly #namespace: NativeNamespace
  readonly #writer = new Writer()
  #tickets = 0
  #closed = false
  #held: Promise<unknown> | undefined
  #closing: Promise<void> | undefined
  readonly #children = new Set<Closable>()

  private constructor(socket: NativeSocket, namespace: NativeNamespace, options: ConnectionOptions) {
    this.#socket = socket
    this.#namespace = namespace
    this.#options = options
  }

  static async open(options: ConnectionOptions): Promise<NetlinkConnection> {
    const given = options.namespace
    if (given?.fd === -1) throw new NetloomError('ERR_CLOSED', 'The namespace is closed.')
    let namespace: NativeNamespace | undefined
    try {
      namespace =
        given === undefined ? binding().currentNamespace() : await binding().adoptNamespace(given.fd)
      const { protocol, receiveBuffer } = options
      const socket = await binding().openSocket({ protocol, namespace, receiveBuffer })
      return new NetlinkConnection(socket, namespace, options)
    } catch (error) {
      namespace?.close()
      throw fromNative(error)
    }
  }

  /** Another connection in the same namespace, for what must not wait for this one. */
  async fork(): Promise<NetlinkConnection> {
    this.#refuseClosed()
    const fork = await NetlinkConnection.open({ ...this.#options, namespace: this.#namespace })
    if (!this.#closed) return fork
    await fork.close()
    throw closedError()
  }

  get namespace(): NativeNamespace {
    return this.#namespace
  }

  get receiveBuffer(): number {
    return this.#socket.receiveBuffer
  }

  get closed(): boolean {
    return this.#closed
  }

  async close(): Promise<void> {
    return (this.#closing ??= this.#close())
  }

  /** Closes `child` along with this connection. */
  attach(child: Closable): void {
    this.#children.add(child)
  }

  detach(child: Closable): void {
    this.#children.delete(child)
  }

  /** Lets no request pass until `gate` has settled: what comes after it must be seen by a new subscription. */
  hold(gate: Promise<unknown>): void {
    const held = Promise.allSettled([this.#held, gate]).then(() => {
      if (this.#held === held) this.#held = undefined
    })
    this.#held = held
  }

  /** Settles once nothing holds requests back. */
  async ready(): Promise<void> {
    if (this.#held !== undefined) await this.#held
  }

  /** Runs one operation to its end. */
  async run<T>(operation: Operation<T>, options: CallOptions = {}): Promise<T> {
    const call = this.settings(options)
    if (this.#held !== undefined) await this.#held
    const indexOf = operation.needs?.length ? await this.#resolve(operation, call) : noIndex
    // One writer serves all calls: nothing is awaited between writing into it and the copy at hand-over.
    const writer = this.#writer
    const request = encode(writer, operation, indexOf)
    const replies = this.exchange(writer, [request], { replies: operation.replies }, call)
    writer.truncate(0)
    const reply = (await replies)[0]!
    switch (reply.kind) {
      case 'failed':
      case 'unknown':
        throw reply.error
      case 'unsent':
        throw closedError(operation.request)
      case 'done':
        if (operation.finish !== undefined) return operation.finish(this, reply.messages, call)
        return operation.read?.(reply.messages) as T
    }
  }

  /** Every object that the kernel lists. A dump that it marks interrupted is repeated. */
  async list<T>(dump: DumpRequest<T>, options: CallOptions = {}): Promise<T[]> {
    const call = this.settings(options)
    if (this.#held !== undefined) await this.#held
    const indexOf = await this.#resolve(dump, call)
    return listDump(this.#socket, dump, indexOf, call, () => ++this.#tickets)
  }

  /**
   * Streams what the kernel lists, over a socket of its own: requests can be awaited inside the loop, and
   * the kernel waits for the reader. Ending the loop early releases the socket.
   */
  async *iterate<T>(dump: DumpRequest<T>, options: CallOptions = {}): AsyncGenerator<T, void, undefined> {
    const call = this.settings(options)
    const indexOf = await this.#resolve(dump, call)
    const own = await this.fork()
    this.attach(own)
    try {
      yield* iterateDump(own.#socket, dump, indexOf, call)
    } finally {
      this.detach(own)
      await own.close()
    }
  }

  /** The options of a call, checked, with the stack's defaults. Refuses a closed connection or an aborted call. */
  settings(options: CallOptions): CallOptions {
    checkCallOptions(options)
    this.#refuseClosed()
    options.signal?.throwIfAborted()
    const { timeout } = this.#options
    return options.timeout === undefined && timeout !== undefined ? { ...options, timeout } : options
  }

  /** Looks up links by name. */
  async lookUp(names: readonly string[], options: CallOptions): Promise<ReadonlyMap<string, number>> {
    if (names.length === 0 || this.#options.resolveNames === undefined) return new Map()
    return this.#options.resolveNames(this, names, options)
  }

  /** Sends what `writer` holds and sorts what comes back by request. */
  async exchange(
    writer: Writer,
    requests: readonly EncodedRequest[],
    how: { readonly replies?: boolean | undefined; readonly stopOnError?: boolean | undefined },
    options: CallOptions
  ): Promise<Reply[]> {
    const first = requests[0]!.start
    const bytes = writer.bytes.subarray(first, requests[requests.length - 1]!.end)
    // The extended ack points into the request, which the writer may have overwritten by then.
    const kept = requests.length === 1 ? bytes.slice() : bytes
    const ticket = ++this.#tickets
    const request =
      requests.length === 1 ? requests[0]!.operation.request : { method: 'batch.commit', input: undefined }
    let result: NativeExchange
    try {
      const work = this.#socket.exchange(bytes, how, ticket)
      result = await bounded(work, options, request, () => this.#socket.cancel(ticket))
    } catch (error) {
      throw fromNative(error, request)
    }
    return sort(result, requests, kept, first)
  }

  async #resolve(asker: Asker, options: CallOptions): Promise<IndexOf> {
    const { needs } = asker
    if (needs === undefined || needs.length === 0) return noIndex
    const found = await this.lookUp(needs, options)
    return (name) => found.get(name) ?? missingLink(asker, name)
  }

  async #close(): Promise<void> {
    this.#closed = true
    await Promise.all([this.#socket.close(), ...[...this.#children].map((child) => child.close())])
    this.#namespace.close()
  }

  #refuseClosed(): void {
    if (this.#closed) throw closedError()
  }
}

/** What needs links looked up. */
type Asker = Pick<Operation<unknown>, 'request' | 'syscall' | 'needs'>

/** The error for a link that isn't there: the request was not sent. */
export function missingLink(asker: Asker, name: string): never {
  const { request, syscall } = asker
  throw new NetlinkError({
    errno: errnoOf('ENODEV'),
    syscall,
    request,
    explanation: `no link is named "${name}"`
  })
}

/** Appends one operation's message. On bad input the writer is as it was. */
export function encode(writer: Writer, operation: Operation<unknown>, indexOf: IndexOf): EncodedRequest {
  const start = writer.beginMessage(operation.type, operation.flags | NLM_F_REQUEST)
  try {
    operation.write(writer, indexOf)
  } catch (error) {
    writer.truncate(start)
    throw error
  }
  writer.endMessage(start)
  return { operation, start, end: writer.position }
}

/** For operations that name no link. */
export function noIndex(name: string): never {
  throw new Error(`the link ${name} was not among the operation's needs`)
}

function sort(
  result: NativeExchange,
  requests: readonly EncodedRequest[],
  bytes: Uint8Array,
  first: number
): Reply[] {
  const data: (Message[] | undefined)[] = []
  const replies: (Reply | undefined)[] = []
  for (const message of messages(result.replies)) {
    const index = message.sequence
    const request = requests[index]
    if (request === undefined) continue
    if (message.type !== NLMSG_ERROR) {
      ;(data[index] ??= []).push(message)
      continue
    }
    const acknowledgement = readAcknowledgement(message)
    if (acknowledgement.errno === 0) continue
    const { operation, start, end } = request
    replies[index] = {
      kind: 'failed',
      error: failure(operation, acknowledgement, bytes.subarray(start - first, end - first))
    }
  }
  return requests.map(({ operation }, index): Reply => {
    const known = replies[index]
    if (known !== undefined) return known
    if (index >= result.sent) return unsent(result, index, operation)
    if (isUnknown(result.unknown, index) && data[index] === undefined) {
      return { kind: 'unknown', error: unknownOutcome(result.errno, result.syscall, operation.request) }
    }
    return { kind: 'done', messages: data[index] ?? noMessages }
  })
}

function failure(
  operation: Operation<unknown>,
  acknowledgement: ReturnType<typeof readAcknowledgement>,
  bytes: Uint8Array
): NetlinkError {
  const { request, syscall, schema } = operation
  const explanation = operation.explain?.(errnoName(acknowledgement.errno))
  return errorOf(acknowledgement, bytes, schema, { request, syscall, explanation })
}

/** The first request that was not sent carries the reason, unless it was left out on purpose. */
function unsent(result: NativeExchange, index: number, operation: Operation<unknown>): Reply {
  if (index !== result.sent || result.errno === 0 || result.syscall !== 'sendmsg') return { kind: 'unsent' }
  const { errno, syscall } = result
  return { kind: 'failed', error: new NetlinkError({ errno, syscall, request: operation.request }) }
}

function isUnknown(ranges: readonly number[], index: number): boolean {
  for (let i = 0; i + 1 < ranges.length; i += 2)
    if (index >= ranges[i]! && index < ranges[i + 1]!) return true
  return false
}
