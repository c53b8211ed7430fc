import { availableParallelism } from 'node:os'
import { performance } from 'node:perf_hooks'

/**
 * Milliseconds for which the event loop polls instead of sleeping. Most answers take less, and waking a
 * sleeping processor takes as long again as the whole call.
 */
const longest = 0.1

/** With one processor, polling would keep the worker from its work. */
const worthwhile = availableParallelism() > 1

let expected = 0
let until = 0
let polling = false

/**
 * Keeps the event loop going round while an answer is awaited that should come at once, for a tenth of a
 * millisecond at most. Everything else in the loop has its turn as always.
 */
export function busyPoll<T>(answer: Promise<T>): Promise<T> {
  if (!worthwhile) return answer
  expected++
  until = performance.now() + longest
  answer.then(arrived, arrived)
  if (!polling) {
    polling = true
    setImmediate(poll)
  }
  return answer
}

function arrived(): void {
  expected--
}

function poll(): void {
  polling = expected > 0 && performance.now() < until
  if (polling) setImmediate(poll)
}
