import { InvalidType, invalidRange } from '../codec/index.js'
import { NetloomError } from './errors.js'
import type { RequestDescription } from './errors.js'
import type { CallOptions } from './operation.js'

/** The longest delay that a timer takes: 2^31 − 1 ms. */
const longestTimeout = 0x7fffffff

/** Refuses call options that can't be right. */
export function checkCallOptions(options: CallOptions): void {
  const { signal, timeout } = options
  if (timeout !== undefined) {
    const expected = `a number of milliseconds from 0 to ${longestTimeout}`
    if (typeof timeout !== 'number') throw new InvalidType(timeout, expected).within('timeout')
    if (!(timeout >= 0 && timeout <= longestTimeout)) invalidRange(timeout, expected)
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new InvalidType(signal, 'an AbortSignal').within('signal')
  }
}

/**
 * Awaits `work`, or rejects when the signal is aborted or the time is over. `cancel` then tries to take the
 * work back and tells whether it did, so that the error can say what is known of the outcome.
 */
export function bounded<T>(
  work: Promise<T>,
  options: CallOptions,
  request: RequestDescription,
  cancel: () => boolean
): Promise<T> {
  const { signal, timeout } = options
  if (signal === undefined && timeout === undefined) return work
  return new Promise<T>((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined
    const settle = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
    const abort = (): void => {
      settle()
      cancel()
      // Whatever the caller aborted with is what the caller gets, be it an Error or not.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      reject(signal!.reason)
    }
    if (timeout !== undefined) {
      timer = setTimeout(() => {
        settle()
        const outcome = cancel() ? 'it was not sent' : 'its outcome is unknown'
        reject(
          new NetloomError('ERR_TIMEOUT', `${request.method} took longer than ${timeout} ms; ${outcome}`)
        )
      }, timeout)
    }
    signal?.addEventListener('abort', abort, { once: true })
    work.then(
      (value) => {
        settle()
        resolve(value)
      },
      (error: unknown) => {
        settle()
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
        reject(error)
      }
    )
  })
}
