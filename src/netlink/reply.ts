import type { NativeExchange } from '../binding.js'
import { errnoName, errnoOf } from './errno.js'
import { NetlinkError, errorOf, unknownOutcome } from './errors.js'
import { readAcknowledgement, readDone } from './extended-ack.js'
import { NLMSG_DONE, NLMSG_ERROR, messages, word } from './message.js'
import type { Message } from './message.js'
import type { Operation } from './operation.js'
import { Pacer } from './pacer.js'
import type { Requests } from './request.js'
import { SharedStack } from './shared-stack.js'

/** What became of one request of an exchange. */
export type Reply =
  | { readonly kind: 'done'; readonly messages: readonly Message[] }
  | { readonly kind: 'failed'; readonly error: NetlinkError }
  /** An earlier one failed, or could not be sent, or the socket was closed. */
  | { readonly kind: 'unsent' }
  | { readonly kind: 'unknown'; readonly error: Error }

const acknowledged: Reply = { kind: 'done', messages: [] }
const unsent: Reply = { kind: 'unsent' }

/** Sorts what came back by request: the result's index 0 is request number `first`. */
export async function sortReplies(
  result: NativeExchange,
  requests: Requests,
  first: number
): Promise<Reply[]> {
  const { operations } = requests
  const count = operations.length - first
  const replies = new Array<Reply | undefined>(count).fill(undefined)
  const pacer = new Pacer()
  const stack = new SharedStack()
  for (const message of messages(result.replies)) {
    const index = message.sequence
    if (index >= count) continue
    replies[index] = sortIn(message, replies[index], requests, first + index, stack)
    if (pacer.due()) await pacer.turn()
  }
  for (let i = 0; i < count; i++) {
    if (replies[i] === undefined) {
      const operation = operations[first + i]!
      if (i >= result.sent) replies[i] = i === result.sent ? notSent(result, operation) : unsent
      else if (isUnknown(result.unknown, i)) replies[i] = stack.share(() => unknown(result, operation))
      else replies[i] = acknowledged
      if (pacer.due()) await pacer.turn()
    }
  }
  return replies as Reply[]
}

function sortIn(
  message: Message,
  before: Reply | undefined,
  requests: Requests,
  index: number,
  stack: SharedStack
): Reply {
  const ended = message.type === NLMSG_DONE
  if (ended || message.type === NLMSG_ERROR) {
    const acknowledgement = ended ? readDone(message) : readAcknowledgement(message)
    const { errno } = acknowledgement
    // A success that carries a warning.
    if (errno === 0) return before ?? acknowledged
    const operation = requests.operations[index]!
    const { request, syscall, schema } = operation
    const start = requests.starts[index]!
    const bytes = requests.bytes.subarray(start, start + word(requests.bytes, start))
    const explanation = operation.explain?.(errnoName(errno))
    const details = { request, syscall, explanation }
    return stack.share(() => ({ kind: 'failed', error: errorOf(acknowledgement, bytes, schema, details) }))
  }
  if (before?.kind !== 'done') return before ?? { kind: 'done', messages: [message] }
  return { kind: 'done', messages: [...before.messages, message] }
}

/** The first request that was not sent carries the reason, unless it was left out on purpose. */
function notSent(result: NativeExchange, operation: Operation<unknown>): Reply {
  const { errno, syscall } = result
  if (errno === 0 || errno === errnoOf('ECANCELED') || syscall !== 'sendmsg') return unsent
  return { kind: 'failed', error: new NetlinkError({ errno, syscall, request: operation.request }) }
}

function unknown(result: NativeExchange, operation: Operation<unknown>): Reply & { kind: 'unknown' } {
  return { kind: 'unknown', error: unknownOutcome(result.errno, result.syscall, operation.request) }
}

function isUnknown(ranges: readonly number[], index: number): boolean {
  for (let i = 0; i + 1 < ranges.length; i += 2) {
    if (index >= ranges[i]! && index < ranges[i + 1]!) return true
  }
  return false
}
