import { InvalidType, invalidRange, within } from '../codec/index.js'
import { NetloomError } from './errors.js'
import type { RequestDescription } from './errors.js'
import type { CallOptions } from './operation.js'

/** The longest delay that a timer takes: 2^31 − 1 ms. */
const longestTimeout = 0x7fffffff

/** The options of a call under way. All of its parts share one deadline: `timeout` is what is left of it. */
export interface RunningCall extends CallOptions {
  /** The whole time that the call was given. */
  readonly limit?: number | undefined
}

const unlimited: RunningCall = Object.freeze({})
const running = new WeakSet<CallOptions>([unlimited])

/** Refuses call options that can't be right. */
export function checkCallOptions(options: CallOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw new InvalidType(options, 'an object: { signal, timeout }').within('options')
  }
  const { signal, timeout } = options
  if (timeout !== undefined) {
    const expected = `a number of milliseconds from 0 to ${longestTimeout}, or Infinity`
    if (typeof timeout !== 'number') throw new InvalidType(timeout, expected).within('timeout')
    if (!(timeout >= 0 && (timeout <= longestTimeout || timeout === Infinity))) {
      within('timeout', () => invalidRange(timeout, expected))
    }
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new InvalidType(signal, 'an AbortSignal').within('signal')
  }
}

/** Checks the options of a call and fixes its deadline. Those of a call under way stay as they are. */
export function beginCall(options: CallOptions, defaultTimeout?: number): RunningCall {
  if (running.has(options)) return options
  checkCallOptions(options)
  const { signal } = options
  const limit = options.timeout ?? defaultTimeout
  const call = limit === undefined || limit === Infinity ? { signal } : limited(signal, limit)
  if (signal === undefined && call.timeout === undefined) return unlimited
  running.add(call)
  return call
}

/** Not a class: the time that is left survives being copied with `{ ...options }`. */
function limited(signal: AbortSignal | undefined, limit: number): RunningCall {
  const expires = performance.now() + limit
  return {
    signal,
    limit,
    get timeout(): number {
      return Math.max(0, expires - performance.now())
    }
  }
}

/** Refuses to begin what a call has no time left for, or that was aborted by now. */
export function refuseOver(call: RunningCall, request: RequestDescription): void {
  call.signal?.throwIfAborted()
  if (call.timeout === 0) throw timeoutError(request, call, false)
}

/** The error of a call that took too long. A call that only reads has no outcome to tell of. */
export function timeoutError(
  request: RequestDescription,
  call: RunningCall,
  sent: boolean | undefined
): NetloomError {
  const outcome = sent === undefined ? '' : sent ? '; its outcome is unknown' : '; it was not sent'
  const text = `${request.method} took longer than ${call.limit ?? call.timeout} ms${outcome}`
  return new NetloomError('ERR_TIMEOUT', text, { outcomeUnknown: sent === true })
}

/**
 * Awaits `work`, or rejects when the signal is aborted or the time is over. `cancel` then tries to take the
 * work back and tells whether it did, so that the error can say what is known of the outcome; `undefined` if
 * that makes no difference.
 */
export async function bounded<T>(
  work: Promise<T>,
  options: CallOptions,
  request: RequestDescription,
  cancel: () => boolean | undefined
): Promise<T> {
  const { signal, timeout } = options
  if (signal === undefined && timeout === undefined) return await work
  const first = await race(work, signal, timeout)
  switch (first.kind) {
    case 'done':
      return first.value
    case 'aborted':
      cancel()
      // Whatever the caller aborted with is what the caller gets, be it an Error or not.
      throw signal!.reason
    case 'late': {
      const cancelled = cancel()
      throw timeoutError(request, options, cancelled === undefined ? undefined : !cancelled)
    }
  }
}

type First<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'aborted' | 'late' }

/** What comes first. Nothing is left behind: no timer, no listener. */
function race<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  timeout: number | undefined
): Promise<First<T>> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined
    const settle = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
    const abort = (): void => {
      settle()
      resolve({ kind: 'aborted' })
    }
    work.then(
      (value) => {
        settle()
        resolve({ kind: 'done', value })
      },
      (error: unknown) => {
        settle()
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
        reject(error)
      }
    )
    // A signal that is aborted already tells nobody any more.
    if (signal?.aborted === true) return abort()
    signal?.addEventListener('abort', abort, { once: true })
    if (timeout !== undefined && timeout !== Infinity) {
      timer = setTimeout(() => {
        settle()
        resolve({ kind: 'late' })
      }, timeout)
    }
  })
}
