import { messageHeaderSize } from '../codec/index.js'
import type { NativeError } from '../binding.js'
import type { ErrorCode } from '../error-codes.js'
import { errnoName, errnoOf, errnoText } from './errno.js'
import type { Acknowledgement, AttributePolicy } from './extended-ack.js'

/** What was asked, in the caller's words. */
export interface RequestDescription {
  /** The method, such as `'routes.add'`. */
  readonly method: string
  /** What was given to it. */
  readonly input: unknown
}

/** What `NetlinkError` is made of. */
export interface NetlinkErrorDetails {
  readonly errno: number
  readonly syscall: string
  readonly request?: RequestDescription | undefined
  /** The kernel's own words, from the extended ack. */
  readonly reason?: string | undefined
  readonly attribute?: string | undefined
  readonly missingAttribute?: string | undefined
  readonly policy?: AttributePolicy | undefined
  /** What to say about the thing in question where the kernel says nothing: `'no link is named "eth7"'`. */
  readonly explanation?: string | undefined
}

/**
 * The kernel refused a request, or a system call failed. `code` is the errno's name from netloom's own
 * table; where an answer was lost it is `'ENOBUFS'`, and the outcome is unknown.
 */
export class NetlinkError extends Error {
  override readonly name: string = 'NetlinkError'
  /** The errno's name: `'EEXIST'`. */
  readonly code: string
  /** Negative, as in Node's system errors. */
  readonly errno: number
  /** The message type or system call: `'RTM_NEWROUTE'`, `'setns'`. */
  readonly syscall: string
  /** The kernel's own words (`NLMSGERR_ATTR_MSG`), if it gave any. */
  readonly reason: string | undefined
  /** The path of the attribute that the kernel rejected, such as `vxlan.id` (`NLMSGERR_ATTR_OFFS`). */
  readonly attribute: string | undefined
  /** The path of the attribute that the kernel missed (`NLMSGERR_ATTR_MISS_TYPE`, Linux 6.0). */
  readonly missingAttribute: string | undefined
  /** The range that the kernel wanted (`NLMSGERR_ATTR_POLICY`). */
  readonly policy: AttributePolicy | undefined
  /** What was asked, in the caller's words. */
  readonly request: RequestDescription | undefined

  constructor(details: NetlinkErrorDetails) {
    super(sentence(details))
    this.code = errnoName(details.errno)
    this.errno = details.errno
    this.syscall = details.syscall
    this.reason = details.reason
    this.attribute = details.attribute
    this.missingAttribute = details.missingAttribute
    this.policy = details.policy
    this.request = details.request
  }
}

function sentence(details: NetlinkErrorDetails): string {
  const { errno, request, reason, attribute, missingAttribute, policy, explanation } = details
  let text = `${details.syscall} ${errnoName(errno)}: ${reason ?? explanation ?? errnoText(errno)}`
  if (attribute !== undefined) text += ` (attribute ${attribute}${wanted(policy)})`
  if (missingAttribute !== undefined) text += ` (attribute ${missingAttribute} is missing)`
  if (request !== undefined) text += `, in ${request.method}(${show(request.input)})`
  return text
}

function wanted(policy: AttributePolicy | undefined): string {
  const min = policy?.min ?? policy?.minSigned
  const max = policy?.max ?? policy?.maxSigned
  if (min !== undefined && max !== undefined) return `, which must be from ${min} to ${max}`
  if (policy?.maxLength !== undefined) return `, which must be at most ${policy.maxLength} bytes`
  return ''
}

function show(input: unknown): string {
  if (input === undefined) return ''
  try {
    const text = JSON.stringify(input, (_key, value: unknown) =>
      typeof value === 'bigint'
        ? String(value)
        : value instanceof Uint8Array
          ? `<${value.length} bytes>`
          : value
    )
    return text.length > 200 ? `${text.slice(0, 200)}…` : text
  } catch {
    return '…'
  }
}

/** Something that netloom itself refuses or gives up; `code` is one of `errorCodes`. */
export class NetloomError extends Error {
  override readonly name: string = 'NetloomError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** A dump that the kernel marked interrupted at each attempt. */
export class DumpInterruptedError<T = unknown> extends NetloomError {
  override readonly name = 'DumpInterruptedError'
  /** What the last attempt read; some of it may be missing or there twice. */
  readonly partial: readonly T[]

  constructor(syscall: string, partial: readonly T[], attempts: number) {
    super(
      'ERR_DUMP_INTERRUPTED',
      `${syscall}: the objects changed during each of ${attempts} attempts to list them; ${partial.length} were read`
    )
    this.partial = partial
  }
}

/** What the schema of a request can tell about its bytes. */
export interface AttributeLocator {
  readonly headerSize: number
  keyOf(number: number): string | undefined
  locate(bytes: Uint8Array, offset: number, length: number, wanted: number): string | undefined
}

/** The error for a failed acknowledgement. `request` is the message that was sent, `nlmsghdr` included. */
export function errorOf(
  acknowledgement: Acknowledgement,
  request: Uint8Array,
  schema: AttributeLocator,
  details: { syscall: string; request: RequestDescription; explanation?: string | undefined }
): NetlinkError {
  const { extended, errno } = acknowledgement
  const pathAt = (offset: number): string | undefined =>
    schema.locate(request, messageHeaderSize, request.length - messageHeaderSize, offset)
  let missingAttribute: string | undefined
  if (extended.missingType !== undefined) {
    const nest = extended.missingNest === undefined ? undefined : pathAt(extended.missingNest)
    const name = nest === undefined ? schema.keyOf(extended.missingType) : undefined
    missingAttribute =
      nest === undefined ? (name ?? `#${extended.missingType}`) : `${nest}.#${extended.missingType}`
  }
  return new NetlinkError({
    ...details,
    errno,
    reason: extended.message,
    attribute: extended.offset === undefined ? undefined : pathAt(extended.offset),
    missingAttribute,
    policy: extended.policy
  })
}

/** Turns what a native promise rejected with into the error that users see. */
export function fromNative(error: unknown, request?: RequestDescription): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  const { errno, syscall, path } = error as Partial<NativeError>
  if (errno === undefined || syscall === undefined) return error
  if (errno === errnoOf('ECANCELED')) return closedError(request)
  return new NetlinkError({
    errno,
    syscall,
    request,
    explanation: path === undefined ? undefined : `${errnoText(errno)}, ${path}`
  })
}

export function closedError(request?: RequestDescription): NetloomError {
  const what = request === undefined ? '' : ` ${request.method} was not done, or its outcome is unknown.`
  return new NetloomError('ERR_CLOSED', `The stack is closed.${what}`)
}

/** The answer was lost: the kernel ran the request, or not; nobody can say. */
export function unknownOutcome(errno: number, syscall: string, request: RequestDescription): NetlinkError {
  return new NetlinkError({
    errno,
    syscall,
    request,
    explanation: `the kernel's answer was lost (${errnoText(errno)}); the outcome is unknown`
  })
}
