import type { CallOptions, DumpRequest, NetlinkConnection, Operation } from '../../netlink/index.js'
import { NETLINK_NETFILTER } from '../nfnetlink.js'

/**
 * The netfilter socket of a stack: opened at its first use, in the stack's namespace, and closed with the
 * stack.
 */
export class NetfilterConnection {
  readonly #stack: NetlinkConnection
  #opening: Promise<NetlinkConnection> | undefined
  #opened: NetlinkConnection | undefined
  readonly #gates = new Set<Promise<unknown>>()

  constructor(stack: NetlinkConnection) {
    this.#stack = stack
  }

  /** The stack's own connection, which what is opened besides is attached to. */
  get stack(): NetlinkConnection {
    return this.#stack
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

  /** Lets no request pass until `gate` has settled: what comes after it must be seen by a new subscription. */
  hold(gate: Promise<unknown>): void {
    if (this.#opened !== undefined) return this.#opened.hold(gate)
    this.#gates.add(gate)
    const done = (): void => void this.#gates.delete(gate)
    gate.then(done, done)
  }

  async #open(): Promise<NetlinkConnection> {
    this.#stack.settings({})
    const opened = await this.#stack.sibling({ protocol: NETLINK_NETFILTER })
    this.#stack.attach(opened)
    // The stack may have been closed in the same turn.
    if (this.#stack.closed) await opened.close()
    for (const gate of this.#gates) opened.hold(gate)
    this.#opened = opened
    return opened
  }
}
