import { askInTurn } from './hedge.js'
import { idOf, responseCode, withId } from './message.js'
import type { Query } from './query.js'
import { failure, truncate } from './response.js'
import type { Attempt, UpstreamServer } from './upstream-server.js'

/** Queries of one sandbox that may wait for others at once, as in Docker. */
const mostWaiting = 1_024

/** A question that was passed on, and who waits for its answer. */
interface Flight {
  readonly waiting: ((response: Buffer) => void)[]
  attempt?: Attempt
}

/**
 * Passes a sandbox's queries on, and the responses back, as they are: options and types that nobody here knows included.
 *
 * Queries that differ in nothing but their id are asked once. So what comes back to us from a server that asks us in
 * turn waits for itself, and ends with the others, instead of going round.
 */
export class Forwarder {
  readonly #flights = new Map<string, Flight>()
  #servers: readonly UpstreamServer[]
  #waiting = 0

  constructor(servers: readonly UpstreamServer[]) {
    this.#servers = servers
  }

  /** Calls `reply` once, unless it is closed before: with `SERVFAIL` where no server answers, or too many queries wait. */
  forward(query: Query, overTcp: boolean, limit: number, reply: (response: Buffer) => void): void {
    if (this.#servers.length === 0 || this.#waiting >= mostWaiting) {
      reply(failure(query, responseCode.serverFailure))
      return
    }
    this.#waiting++
    const answered = (response: Buffer): void => reply(withId(response, idOf(query.bytes)))
    const key = `${overTcp ? 't' : 'u'}${query.bytes.toString('latin1', 2)}`
    const known = this.#flights.get(key)
    if (known !== undefined) {
      known.waiting.push(answered)
      return
    }
    const flight: Flight = { waiting: [answered] }
    this.#flights.set(key, flight)
    flight.attempt = askInTurn(this.#servers, query, overTcp, (response) => {
      this.#flights.delete(key)
      this.#waiting -= flight.waiting.length
      const whole = response ?? failure(query, responseCode.serverFailure)
      const fitting = truncate(whole, limit)
      for (const waiting of flight.waiting) waiting(fitting)
    })
  }

  /** Passes queries on to other servers from now on. Those under way end as they would have. */
  use(servers: readonly UpstreamServer[]): void {
    for (const server of this.#servers) server.retire()
    this.#servers = servers
  }

  close(): void {
    for (const { attempt } of this.#flights.values()) attempt?.cancel()
    this.#flights.clear()
    this.use([])
  }
}
