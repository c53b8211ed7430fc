import {
  NetlinkError,
  type CallOptions,
  type RequestDescription,
  bounded,
  checkCallOptions,
  errnoName,
  errnoText,
  fromNative
} from '../netlink/index.js'
import type { NativeError } from '../binding.js'

/** What a call does besides its work. */
export interface Call<T> {
  readonly request: RequestDescription
  readonly options: CallOptions
  /** Begins the work; called only if the call was not aborted before. */
  start(): Promise<T>
  /** Takes back what the work made after the caller was told that it won't get it. */
  discard?(value: T): void
  /** Words of ours for an errno's name, where they say more than the errno's own. */
  readonly explain?: ((code: string) => string | undefined) | undefined
}

/**
 * Does native work under the options that every async method takes, and turns what it rejects with into the
 * errors that users see.
 */
export async function perform<T>(call: Call<T>): Promise<T> {
  const { request, options } = call
  checkCallOptions(options)
  options.signal?.throwIfAborted()
  let abandoned = false
  try {
    const work = call.start()
    // Also keeps a rejection from being reported as unhandled when it comes after the caller has gone.
    work.then(
      (value) => {
        if (abandoned) call.discard?.(value)
      },
      () => undefined
    )
    return await bounded(work, options, request, () => {
      abandoned = true
      return false
    })
  } catch (error) {
    throw explained(error, request, call.explain)
  }
}

/** The error that users see for what the binding threw. */
export function explained(
  error: unknown,
  request: RequestDescription,
  explain?: (code: string) => string | undefined
): Error {
  if (!isNative(error)) return error instanceof Error ? error : new Error(String(error))
  const { errno, syscall } = error
  const words = explain?.(errnoName(errno))
  if (words === undefined) return fromNative(error, request)
  const explanation = `${errnoText(errno).toLowerCase()}: ${words}`
  return new NetlinkError({ errno, syscall, request, explanation })
}

/** Came from the binding as it is, and not yet from here. */
export function isNative(error: unknown): error is NativeError {
  if (!(error instanceof Error) || error instanceof NetlinkError) return false
  const { errno, syscall } = error as Partial<NativeError>
  return typeof errno === 'number' && typeof syscall === 'string'
}
