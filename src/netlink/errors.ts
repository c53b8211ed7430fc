import type { NativeError } from '../binding.js'
import type { ErrorCode } from '../error-codes.js'
import { missingPath, pathAt } from './attribute-path.js'
import type { AttributeLocator } from './attribute-path.js'
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
  readonly outcomeUnknown?: boolean | undefined
}

/**
 * The kernel refused a request, or a system call failed. `code` is the errno's name from netloom's own
 * table; where an answer was lost it is `'ENOBUFS'`, and the outcome is unknown.
 */
export class NetlinkError extends Error {
  declare readonly name: string
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
  /** True when the kernel's answer was lost: it may have done what was asked, or not. */
  readonly outcomeUnknown: boolean

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
    this.outcomeUnknown = details.outcomeUnknown === true
  }

  static {
    nameErrors(this, 'NetlinkError')
  }
}

/** On the prototype, since a stack trace takes the name from there: own fields come too late for it. */
export function nameErrors(type: { readonly prototype: Error }, name: string): void {
  Object.defineProperty(type.prototype, 'name', { value: name, writable: true, configurable: true })
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
  if (policy === undefined) return ''
  const { mask, minLength, maxLength } = policy
  const range = between(policy.min ?? policy.minSigned, policy.max ?? policy.maxSigned)
  if (range !== undefined) return `, which must be ${range}`
  const length = between(minLength, maxLength)
  if (length !== undefined) return `, which must be ${length} bytes long`
  return mask === undefined ? '' : `, which must have no bits beside 0x${mask.toString(16)}`
}

function between(min: number | undefined, max: number | undefined): string | undefined {
  if (max === undefined) return min === undefined ? undefined : `at least ${min}`
  if (min === undefined) return `at most ${max}`
  return min === max ? `${min}` : `from ${min} to ${max}`
}

function show(input: unknown): string {
  if (input === undefined) return ''
  try {
    const text = JSON.stringify(input, (_key, value: unknown) => {
      if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value)))
        return String(value)
      return value instanceof Uint8Array ? `<${value.length} bytes>` : value
    })
    return text.length > 200 ? `${text.slice(0, 200)}…` : text
  } catch {
    return '…'
  }
}

/** Something that netloom itself refuses or gives up; `code` is one of `errorCodes`. */
export class NetloomError extends Error {
  declare readonly name: string
  readonly code: ErrorCode
  /** True when the kernel may have done what was asked, or not. False: it was not sent. */
  readonly outcomeUnknown: boolean

  constructor(code: ErrorCode, message: string, options?: NetloomErrorOptions) {
    super(message, options)
    this.code = code
    this.outcomeUnknown = options?.outcomeUnknown === true
  }

  static {
    nameErrors(this, 'NetloomError')
  }
}

export interface NetloomErrorOptions extends ErrorOptions {
  readonly outcomeUnknown?: boolean | undefined
}

/** A dump that the kernel marked interrupted: at each attempt, or while it was streamed. */
export class DumpInterruptedError<T = unknown> extends NetloomError {
  /** What the last attempt read; some of it may be missing or there twice. Empty after a stream. */
  readonly partial: readonly T[]

  /** `attempts` is `undefined` for a stream, whose objects the caller has. */
  constructor(syscall: string, partial: readonly T[], attempts: number | undefined) {
    const text =
      attempts === undefined
        ? 'the objects changed while they were listed; some may be missing or there twice'
        : `the objects changed during each of ${attempts} attempts to list them; ${partial.length} were read`
    super('ERR_DUMP_INTERRUPTED', `${syscall}: ${text}`)
    this.partial = partial
  }

  static {
    nameErrors(this, 'DumpInterruptedError')
  }
}

/** The error for a failed acknowledgement. `request` is the message that was sent, `nlmsghdr` included. */
export function errorOf(
  acknowledgement: Acknowledgement,
  request: Uint8Array,
  schema: AttributeLocator,
  details: { syscall: string; request: RequestDescription; explanation?: string | undefined }
): NetlinkError {
  const { extended, errno } = acknowledgement
  const { offset, missingType, missingNest } = extended
  // Named one by one: spreading `details` costs more than all the rest, and a batch can have many of these.
  return new NetlinkError({
    errno,
    syscall: details.syscall,
    request: details.request,
    explanation: details.explanation,
    reason: extended.message,
    attribute: offset === undefined ? undefined : pathAt(request, schema, offset),
    missingAttribute:
      missingType === undefined ? undefined : missingPath(request, schema, missingType, missingNest),
    policy: extended.policy
  })
}

/** Turns what a native promise rejected with into the error that users see. */
export function fromNative(error: unknown, request?: RequestDescription): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  if (error instanceof NetlinkError) return error
  const { errno, syscall, path } = error as Partial<NativeError>
  if (errno === undefined || syscall === undefined) return error
  if (isClosed(errno, syscall)) return closedError(request)
  return new NetlinkError({
    errno,
    syscall,
    request,
    explanation: path === undefined ? undefined : `${errnoText(errno)}, ${path}`
  })
}

/** Whether an error says that the socket was closed, rather than that the kernel refused something. */
export function isClosed(errno: number, syscall: string): boolean {
  return errno === canceled || (errno === badDescriptor && syscall === 'sendmsg')
}

const canceled = errnoOf('ECANCELED')
const badDescriptor = errnoOf('EBADF')

/** The error of a call on a closed stack, or of one that was pending when it was closed. */
export function closedError(request?: RequestDescription, sent = false): NetloomError {
  const { method } = request ?? {}
  const what =
    method === undefined ? '' : sent ? `; the outcome of ${method} is unknown` : `; ${method} was not done`
  return new NetloomError('ERR_CLOSED', `the stack is closed${what}`, { outcomeUnknown: sent })
}

/** The answer was lost: the kernel ran the request, or not; nobody can say. */
export function unknownOutcome(errno: number, syscall: string, request: RequestDescription): Error {
  if (isClosed(errno, syscall)) return closedError(request, true)
  return new NetlinkError({
    errno,
    syscall,
    request,
    explanation: `the kernel's answer was lost (${errnoText(errno)}); the outcome is unknown`,
    outcomeUnknown: true
  })
}
