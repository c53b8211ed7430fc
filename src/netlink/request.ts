import type { NativeNamespace } from '../binding.js'
import type { Writer } from '../codec/index.js'
import { errnoOf } from './errno.js'
import { NetlinkError } from './errors.js'
import { NLM_F_REQUEST } from './message.js'
import type { IndexOf, Operation } from './operation.js'

/** Encoded requests, one after another. */
export interface Requests {
  readonly operations: readonly Operation<unknown>[]
  readonly bytes: Uint8Array
  /** Where each one begins. */
  readonly starts: readonly number[]
  /** Those whose descriptors the messages name. */
  readonly namespaces?: readonly NativeNamespace[] | undefined
}

/** Appends one operation's message and tells where it begins. On bad input the writer is as it was. */
export function encode(writer: Writer, operation: Operation<unknown>, indexOf: IndexOf): number {
  const start = writer.beginMessage(operation.type, operation.flags | NLM_F_REQUEST)
  try {
    operation.write(writer, indexOf)
    writer.endMessage(start)
  } catch (error) {
    writer.truncate(start)
    throw error
  }
  return start
}

/** What needs links looked up. */
export type Asker = Pick<Operation<unknown>, 'request' | 'syscall' | 'needs'>

/** The error for a link that isn't there: the request was not sent. */
export function missingLink(asker: Asker, name: string): never {
  const { request, syscall } = asker
  throw new NetlinkError({
    errno: errnoOf('ENODEV'),
    syscall,
    request,
    explanation: `no link is named "${name}"`
  })
}

/** For operations that name no link. */
export function noIndex(name: string): never {
  throw new Error(`the link ${name} was not among the operation's needs`)
}
