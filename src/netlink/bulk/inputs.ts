import { InvalidType } from '../../codec/index.js'
import { bounded } from '../index.js'
import type { RequestDescription, RunningCall } from '../index.js'

/** What bulk verbs take: an array, a generator, a stream of objects. */
export type Inputs<In> = Iterable<In> | AsyncIterable<In>

/**
 * Gives each input to `take`, and waits where that says so. `take` ends it by giving `false`. What is iterated
 * is told when it ends early. Waiting for an input is bounded by the call, as waiting for the kernel is.
 */
export async function forEachInput<In>(
  inputs: Inputs<In>,
  call: RunningCall,
  request: RequestDescription,
  take: (input: In) => Promise<boolean> | boolean
): Promise<void> {
  if (typeof inputs === 'object' && inputs !== null) {
    if (Symbol.asyncIterator in inputs) return forEachLater(inputs, call, request, take)
    if (Symbol.iterator in inputs) {
      for (const input of inputs) {
        // Awaiting each of a million would cost more than the inputs.
        const more = take(input)
        if (more === true) continue
        if (more === false || !(await more)) break
      }
      return
    }
  }
  throw new InvalidType(inputs, 'an iterable, or an async iterable, of what to work on').within('inputs')
}

async function forEachLater<In>(
  inputs: AsyncIterable<In>,
  call: RunningCall,
  request: RequestDescription,
  take: (input: In) => Promise<boolean> | boolean
): Promise<void> {
  const iterator = inputs[Symbol.asyncIterator]()
  let ended = false
  try {
    for (;;) {
      const { done, value } = await bounded(next(), call, request, () => undefined)
      if (done === true || !(await take(value))) return
    }
  } finally {
    // Not waited for: an iterator that gives nothing more may not end either.
    if (!ended) void iterator.return?.().then(undefined, () => undefined)
  }

  async function next(): Promise<IteratorResult<In, unknown>> {
    try {
      const result = await iterator.next()
      ended = result.done === true
      return result
    } catch (error) {
      ended = true
      throw error
    }
  }
}
