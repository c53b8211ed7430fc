import { NetlinkSubscription, closedError } from '../netlink/index.js'
import type { CallOptions, Closable, DumpRequest, NetlinkConnection, Operation } from '../netlink/index.js'
import { NETLINK_NETFILTER } from './nfnetlink.js'

/** Opens the connection at its first use. */
export type OpenConnection = () => Promise<NetlinkConnection>

/** Sizes of a socket's buffers in bytes; the kernel's defaults when absent. */
export interface SocketBuffers {
  readonly sendBuffer?: number | undefined
  readonly receiveBuffer?: number | undefined
}

/**
 * A netfilter socket of a stack: opened at its first use, in the stack's namespace, and closed with the stack.
 */
export class NetfilterConnection {
  /** The stack's own connection, which what is opened besides is attached to. */
  readonly stack: NetlinkConnection
  readonly #buffers: SocketBuffers
  #opening: Promise<NetlinkConnection> | undefined
  #opened: NetlinkConnection | undefined
  readonly #gates = new Set<Promise<unknown>>()

  constructor(stack: NetlinkConnection, buffers: SocketBuffers = {}) {
    this.stack = stack
    this.#buffers = buffers
  }

  /** The socket. Rejects with `EPROTONOSUPPORT` where the kernel has no netfilter over netlink. */
  async open(): Promise<NetlinkConnection> {
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined
      throw error
    })
    return this.#opening
  }

  async run<T>(operation: Operation<T>, options?: CallOptions): Promise<T> {
    return await (await this.open()).run(operation, options)
  }

  async list<T>(dump: DumpRequest<T>, options?: CallOptions): Promise<T[]> {
    return await (await this.open()).list(dump, options)
  }

  async *iterate<T>(dump: DumpRequest<T>, options?: CallOptions): AsyncGenerator<T, void, undefined> {
    yield* (await this.open()).iterate(dump, options)
  }

  /** Listens to multicast groups. What is sent over the connection from now on is seen. */
  async subscribe(
    groups: readonly number[],
    receiveBuffer: number | undefined
  ): Promise<NetlinkSubscription> {
    if (this.stack.closed) throw closedError()
    const { namespace } = this.stack
    const options = { protocol: NETLINK_NETFILTER, groups, namespace, receiveBuffer }
    const subscription = NetlinkSubscription.open(options)
    this.hold(subscription)
    return subscription
  }

  /** Lets no request pass until `gate` has settled: what comes after it must be seen by a new subscription. */
  hold(gate: Promise<unknown>): void {
    if (this.#opened !== undefined) return this.#opened.hold(gate)
    this.#gates.add(gate)
    const done = (): void => void this.#gates.delete(gate)
    gate.then(done, done)
  }

  /** Closes `child` along with the stack. */
  attach(child: Closable): void {
    this.stack.attach(child)
  }

  detach(child: Closable): void {
    this.stack.detach(child)
  }

  async #open(): Promise<NetlinkConnection> {
    this.stack.settings({})
    const opened = await this.stack.sibling({ protocol: NETLINK_NETFILTER, ...this.#buffers })
    this.stack.attach(opened)
    // The stack may have been closed in the same turn.
    if (this.stack.closed) await opened.close()
    for (const gate of this.#gates) opened.hold(gate)
    this.#opened = opened
    return opened
  }
}
