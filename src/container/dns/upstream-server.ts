import { familyOf } from '../../codec/index.js'
import type { NetworkNamespace } from '../../namespace/index.js'
import { isTruncated, smallestLimit } from './message.js'
import type { Query } from './query.js'
import { askOverTcp } from './tcp-exchange.js'
import { UdpExchange } from './udp-exchange.js'
import type { ServerAddress } from './udp-exchange.js'

const dnsPort = 53

/** Milliseconds that a server has to answer, as in Docker. */
const patience = 4_000

/** Milliseconds for which a server that did not answer is asked last. */
const demotion = 30_000

/** A question to a server that may be answered, or given up. */
export interface Attempt {
  cancel(): void
}

/** A DNS server that queries are passed on to, and whether it answered lately. */
export class UpstreamServer {
  readonly #namespace: NetworkNamespace
  readonly #server: ServerAddress
  readonly #udp: UdpExchange
  #demotedUntil = 0
  #watched: Attempt | undefined
  #retired = false

  /** `namespace` is the one from which it is asked. */
  constructor(namespace: NetworkNamespace, address: string) {
    this.#namespace = namespace
    this.#server = { address, family: familyOf(address), port: dnsPort }
    this.#udp = new UdpExchange(namespace, this.#server)
  }

  /** It did not answer within 30 s, and is asked after the others. */
  get demoted(): boolean {
    return this.#demotedUntil > performance.now()
  }

  /**
   * Asks it. `done` is called once, with the response, or with undefined if there is none in 4 s; not after the attempt
   * was cancelled. A truncated response over UDP is asked for again over TCP, where the client could take more of it.
   */
  ask(query: Query, overTcp: boolean, done: (response: Buffer | undefined) => void): Attempt {
    let truncated: Buffer | undefined
    const finish = (response: Buffer | undefined): void => {
      clearTimeout(timer)
      if (response !== undefined) this.#demotedUntil = 0
      done(response)
    }
    const askAgain = (): (() => void) =>
      askOverTcp(this.#namespace, this.#server, query, (whole) => finish(whole ?? truncated))
    let cancel = overTcp
      ? askAgain()
      : this.#udp.ask(query, (response) => {
          if (response === undefined || !isTruncated(response) || query.limit === smallestLimit) {
            finish(response)
          } else {
            truncated = response
            cancel = askAgain()
          }
        })
    const timer = setTimeout(() => {
      cancel()
      if (truncated === undefined) this.#demotedUntil = performance.now() + demotion
      done(truncated)
    }, patience).unref()
    return {
      cancel() {
        clearTimeout(timer)
        cancel()
      }
    }
  }

  /**
   * Takes over an attempt that nobody waits for any more. One is followed to its end, to know whether the server
   * answers at all; others are cancelled.
   */
  watch(attempt: Attempt): void {
    if (this.#watched === undefined && !this.#retired) this.#watched = attempt
    else attempt.cancel()
  }

  /** The attempt has ended. */
  unwatch(attempt: Attempt): void {
    if (this.#watched === attempt) this.#watched = undefined
  }

  /** It is not asked any more; attempts that somebody waits for go on. */
  retire(): void {
    this.#retired = true
    this.#watched?.cancel()
    this.#watched = undefined
  }
}
