import { codeOf, responseCode } from './message.js'
import type { Query } from './query.js'
import type { Attempt, UpstreamServer } from './upstream-server.js'

/**
 * Milliseconds after which the next server is asked too. Recursive servers mostly answer sooner, and with the answer of
 * the next one a server that is dead costs less than 300 ms.
 */
const headStart = 150

/** Other servers may know better than one that answers so. */
const fails = (response: Buffer): boolean =>
  codeOf(response) === responseCode.serverFailure || codeOf(response) === responseCode.refused

/**
 * Asks servers in turn: the next one as soon as one has failed, or has not answered after a while. The first response
 * that is no failure is what `done` gets; undefined if all failed. As for resolv.conf(5), every server is held to know
 * the same names.
 */
export function askInTurn(
  servers: readonly UpstreamServer[],
  query: Query,
  overTcp: boolean,
  done: (response: Buffer | undefined) => void
): Attempt {
  // Those that did not answer lately come last; the order is kept otherwise.
  const order = [...servers].sort((a, b) => Number(a.demoted) - Number(b.demoted))
  const running = new Map<UpstreamServer, Attempt>()
  let timer: NodeJS.Timeout | undefined
  let finished = false

  const finish = (response: Buffer | undefined): void => {
    finished = true
    clearTimeout(timer)
    for (const [server, attempt] of running) server.watch(attempt)
    done(response)
  }
  const askNext = (): void => {
    clearTimeout(timer)
    const server = order.shift()
    if (server === undefined) {
      if (running.size === 0) finish(undefined)
      return
    }
    if (order.length > 0) timer = setTimeout(askNext, headStart).unref()
    const attempt = server.ask(query, overTcp, (response) => {
      running.delete(server)
      server.unwatch(attempt)
      if (finished) return
      if (response !== undefined && !fails(response)) finish(response)
      else askNext()
    })
    running.set(server, attempt)
  }
  askNext()
  return {
    cancel() {
      finished = true
      clearTimeout(timer)
      for (const attempt of running.values()) attempt.cancel()
    }
  }
}
