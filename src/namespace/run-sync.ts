import { access } from 'node:fs'
import { type NativeNamespace, binding } from '../binding.js'
import { invalidType, within } from '../codec/index.js'
import { NetloomError } from '../netlink/index.js'
import { explained } from './call.js'

/** A function that can run inside a namespace: one that returns a promise doesn't compile. */
export type SynchronousFunction<T> = (() => T) &
  ([T] extends [never] ? unknown : T extends PromiseLike<unknown> ? never : unknown)

// Compared by name: a function of another realm has another constructor.
const asynchronous = new Set(['AsyncFunction', 'AsyncGeneratorFunction'])

/** Runs `run` on this thread inside a namespace, and puts the thread back. */
export function runSync<T>(namespace: NativeNamespace, run: () => T): T {
  if (typeof run !== 'function') within('run', () => invalidType(run, 'a function'))
  if (asynchronous.has(run.constructor.name)) throw refusal()
  startThreadPool()
  let thrown: { readonly error: unknown } | undefined
  let value: T | undefined
  try {
    binding().runInNamespace(namespace, () => {
      try {
        value = run()
      } catch (error) {
        // Kept apart from errors of the binding, which look like those of node:fs.
        thrown = { error }
      }
    })
  } catch (error) {
    throw explained(error, { method: 'namespace.runSync', input: undefined })
  }
  if (thrown !== undefined) throw thrown.error
  if (isPromise(value)) {
    // This error tells of it; its own rejection would come besides.
    if (value instanceof Promise) value.catch(() => undefined)
    throw refusal()
  }
  return value as T
}

function refusal(): NetloomError {
  return new NetloomError(
    'ERR_PROMISE_IN_NAMESPACE',
    'namespace.runSync needs a synchronous function: what is awaited goes on outside of the namespace'
  )
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false
  return 'then' in value && typeof value.then === 'function'
}

let started = false

/**
 * A thread begins in the namespace of the thread that starts it, and libuv starts its pool, all of it, with
 * the first work for it: were that inside, the pool would stay there.
 */
function startThreadPool(): void {
  if (started) return
  started = true
  access('/', () => undefined)
}
