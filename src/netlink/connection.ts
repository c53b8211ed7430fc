import { binding } from '../binding.js'
import type { NativeExchange, NativeNamespace, NativeSocket } from '../binding.js'
import { Writer } from '../codec/index.js'
import { BatchError } from './batch-error.js'
import { busyPoll } from './busy-poll.js'
import { beginCall, bounded, refuseOver, timeoutError } from './call.js'
import type { RunningCall } from './call.js'
import { DumpStream } from './dump-stream.js'
import { listDump } from './dump.js'
import { NetloomError, closedError, fromNative } from './errors.js'
import type { RequestDescription } from './errors.js'
import type { CallOptions, DumpRequest, IndexOf, Operation, Runner } from './operation.js'
import { sortReplies } from './reply.js'
import type { Reply } from './reply.js'
import { encode, missingLink, noIndex } from './request.js'
import type { Asker, Requests } from './request.js'

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
  readonly sendBuffer?: number | undefined
  /** Milliseconds for a call that gives none of its own. */
  readonly timeout?: number | undefined
  readonly resolveNames?: ResolveNames | undefined
}

/** Something that ends with a connection. */
export interface Closable {
  close(): Promise<void>
}

/** So many requests the kernel should answer at once. */
const fewRequests = 4

/** Hands requests to a socket; `ticket` names the call for `cancel`. */
export type Send = (socket: NativeSocket, ticket: number) => Promise<NativeExchange>

/** How an exchange ended. */
export type Answer =
  | { readonly kind: 'answered'; readonly replies: readonly Reply[] }
  /** Aborted, late or closed. Where it was sent, the kernel may have run it all the same. */
  | { readonly kind: 'ended'; readonly error: unknown; readonly sent: boolean }

/** The same, as the addon tells it. */
export type NativeAnswer =
  { readonly kind: 'answered'; readonly result: NativeExchange } | (Answer & { readonly kind: 'ended' })

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
      const { protocol, receiveBuffer, sendBuffer } = options
      const socket = await binding().openSocket({ protocol, namespace, receiveBuffer, sendBuffer })
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

  /** A connection of another protocol in the same namespace, with the same time limit; the caller closes it. */
  async sibling(
    options: Pick<ConnectionOptions, 'protocol' | 'receiveBuffer' | 'sendBuffer'>
  ): Promise<NetlinkConnection> {
    this.#refuseClosed()
    const { timeout } = this.#options
    const opened = await NetlinkConnection.open({ timeout, ...options, namespace: this.#namespace })
    if (!this.#closed) return opened
    await opened.close()
    throw closedError()
  }

  get namespace(): NativeNamespace {
    return this.#namespace
  }

  get receiveBuffer(): number {
    return this.#socket.receiveBuffer
  }

  /** Bytes of the largest datagram that can be sent (`netlink_sendmsg`, net/netlink/af_netlink.c). */
  get largestDatagram(): number {
    return this.#socket.sendBuffer - 32
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
  async ready(call: RunningCall, request: RequestDescription): Promise<void> {
    if (this.#held !== undefined) await bounded(this.#held, call, request, () => true)
    this.refuse(call, request)
  }

  /** Refuses what can't begin, or go on: the connection is closed, the call aborted, or its time over. */
  refuse(call: RunningCall, request: RequestDescription): void {
    if (this.#closed) throw closedError(request)
    refuseOver(call, request)
  }

  /** Runs one operation to its end. */
  async run<T>(operation: Operation<T>, options: CallOptions = {}): Promise<T> {
    const { request } = operation
    const call = this.settings(options)
    await this.ready(call, request)
    const indexOf = operation.needs?.length ? await this.resolve(operation, call) : noIndex
    const answer = await this.exchange(this.#encode(operation, indexOf), 0, operation, call, request)
    if (answer.kind === 'ended') throw answer.error
    const reply = answer.replies[0]!
    switch (reply.kind) {
      case 'failed':
      case 'unknown':
        throw reply.error
      case 'unsent':
        throw closedError(request)
      case 'done':
        if (operation.finish !== undefined) return await operation.finish(this, reply.messages, call)
        return operation.read?.(reply.messages) as T
    }
  }

  /** Every object that the kernel lists. A dump that it marks interrupted is repeated. */
  async list<T>(dump: DumpRequest<T>, options: CallOptions = {}): Promise<T[]> {
    const call = this.settings(options)
    await this.ready(call, dump.request)
    const indexOf = await this.resolve(dump, call)
    return await listDump(this.#socket, dump, indexOf, call, () => ++this.#tickets)
  }

  /**
   * Streams what the kernel lists, over a socket of its own: requests can be awaited inside the loop, and
   * the kernel waits for the reader. Ending the loop early releases the socket. An object that changed
   * meanwhile may be missing or there twice: the loop then ends with `ERR_DUMP_INTERRUPTED`.
   */
  iterate<T>(dump: DumpRequest<T>, options: CallOptions = {}): AsyncGenerator<T, void, undefined> {
    return new DumpStream(dump, async () => {
      const call = this.settings(options)
      await this.ready(call, dump.request)
      const indexOf = await this.resolve(dump, call)
      const forking = this.fork()
      // It must be closed even if nobody waits for it any more.
      const abandon = (): boolean => {
        forking.then((fork) => fork.close()).catch(() => undefined)
        return true
      }
      const fork = await bounded(forking, call, dump.request, abandon)
      this.attach(fork)
      const { signal } = call
      return {
        socket: fork.#socket,
        indexOf,
        wait: () => beginCall({ signal, timeout: call.limit }),
        close: async () => {
          this.detach(fork)
          await fork.close()
        }
      }
    })
  }

  /** The options of a call, checked, with the stack's defaults. Refuses a closed connection or an aborted call. */
  settings(options: CallOptions): RunningCall {
    const call = beginCall(options, this.#options.timeout)
    this.#refuseClosed()
    call.signal?.throwIfAborted()
    return call
  }

  /** Looks up links by name. */
  async lookUp(names: readonly string[], options: CallOptions): Promise<ReadonlyMap<string, number>> {
    if (names.length === 0 || this.#options.resolveNames === undefined) return new Map()
    try {
      return await this.#options.resolveNames(this, names, options)
    } catch (error) {
      // That it took a batch is nobody's concern.
      throw error instanceof BatchError ? error.cause : error
    }
  }

  /** Sends requests, from the one with index `first` on, and sorts what comes back. `request` names them in errors. */
  async exchange(
    requests: Requests,
    first: number,
    how: {
      readonly replies?: boolean | undefined
      readonly stopOnError?: boolean | undefined
      readonly transaction?: boolean | undefined
    },
    call: RunningCall,
    request: RequestDescription
  ): Promise<Answer> {
    const bytes = first === 0 ? requests.bytes : requests.bytes.subarray(requests.starts[first])
    const { replies, stopOnError, transaction } = how
    const { namespaces } = requests
    const few = requests.starts.length - first <= fewRequests
    const send: Send = (socket, ticket) => {
      const answer = socket.exchange(bytes, { replies, stopOnError, transaction, namespaces }, ticket)
      return few ? busyPoll(answer) : answer
    }
    const answer = await this.transfer(send, call, request)
    if (answer.kind === 'ended') return answer
    return { kind: 'answered', replies: await sortReplies(answer.result, requests, first) }
  }

  /** Sends requests by a call of the addon, and gives what comes back as it is. It never rejects. */
  async transfer(send: Send, call: RunningCall, request: RequestDescription): Promise<NativeAnswer> {
    const ticket = ++this.#tickets
    let sent = false
    try {
      this.refuse(call, request)
      const result = await bounded(send(this.#socket, ticket), call, request, () => {
        sent = !this.#socket.cancel(ticket)
        return !sent
      })
      return { kind: 'answered', result }
    } catch (error) {
      const over = call.signal?.aborted === true && error === call.signal.reason
      return { kind: 'ended', error: over ? error : fromNative(error, request), sent }
    }
  }

  /** One writer serves all calls: what is encoded is copied out of it at once. */
  #encode(operation: Operation<unknown>, indexOf: IndexOf): Requests {
    const writer = this.#writer
    const start = encode(writer, operation, indexOf)
    const bytes = writer.bytes.slice(start, writer.position)
    writer.truncate(start)
    return { operations: [operation], bytes, starts: [0], namespaces: operation.namespaces }
  }

  /** Looks up the links that a request names. What it gives throws `ENODEV` for one that isn't there. */
  async resolve(asker: Asker, call: RunningCall): Promise<IndexOf> {
    const { needs, request } = asker
    if (needs === undefined || needs.length === 0) return noIndex
    let found: ReadonlyMap<string, number>
    try {
      found = await this.lookUp(needs, call)
    } catch (error) {
      // The caller knows of one request: this one was not sent.
      if (!(error instanceof NetloomError)) throw error
      if (error.code === 'ERR_TIMEOUT') throw timeoutError(request, call, false)
      throw error.code === 'ERR_CLOSED' ? closedError(request) : error
    }
    return (name) => found.get(name) ?? missingLink(asker, name)
  }

  async #close(): Promise<void> {
    this.#closed = true
    try {
      await Promise.all([this.#socket.close(), ...[...this.#children].map((child) => child.close())])
    } finally {
      this.#namespace.close()
    }
  }

  #refuseClosed(): void {
    if (this.#closed) throw closedError()
  }
}
