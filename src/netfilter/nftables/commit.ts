import { InvalidType, Writer } from '../../codec/index.js'
import { NLM_F_REQUEST, NetloomError, checkCallOptions, errnoOf } from '../../netlink/index.js'
import type { NetlinkConnection, Operation, RequestDescription } from '../../netlink/index.js'
import type { RunningCall } from '../../netlink/call.js'
import type { Reply } from '../../netlink/reply.js'
import type { Requests } from '../../netlink/request.js'
import { NFNL_MSG_BATCH_BEGIN, NFNL_MSG_BATCH_END, subsystem, writeBatchBegin } from '../nfnetlink.js'
import type { OpenConnection } from '../netfilter-connection.js'
import { setLayouts } from './set/find.js'
import type { StepWriter, WrittenSteps } from './step-writer.js'
import type { TransactionOptions } from './transaction.js'
import { TransactionError } from './transaction-error.js'
import type { TransactionFailure } from './transaction-error.js'

const request: RequestDescription = { method: 'nftables.commit', input: undefined }

/** Refuses options of a commit that can't be right. */
export function checkTransactionOptions(options: TransactionOptions): void {
  checkCallOptions(options)
  const { generation, atomic, onProgress } = options
  if (
    generation !== undefined &&
    !(Number.isInteger(generation) && generation >= 0 && generation <= 0xffffffff)
  ) {
    throw new InvalidType(generation, 'the number of a generation').within('generation')
  }
  if (atomic !== undefined && typeof atomic !== 'boolean') {
    throw new InvalidType(atomic, 'true or false').within('atomic')
  }
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new InvalidType(onProgress, 'a function').within('onProgress')
  }
}

/** With `atomic: false` transactions are about this large: larger ones are hardly faster. */
const chunkBytes = 1024 * 1024

/** Sends the steps of a transaction; gives what the kernel answered to each message. */
export async function commitSteps(
  open: OpenConnection,
  steps: StepWriter,
  options: TransactionOptions
): Promise<readonly Reply[]> {
  const connection = await open()
  const call = connection.settings(options)
  const layouts = await setLayouts(connection, steps.unknownSets, call)
  const written = steps.finish(layouts)
  const { operations } = written
  const total = steps.length
  if (operations.length === 0 && options.generation === undefined) return []
  if (options.atomic !== false) {
    return sendChunk(connection, call, written, 0, operations.length, options.generation, total, 0)
  }
  const limit = Math.min(chunkBytes, connection.largestDatagram - frameBytes)
  let { generation } = options
  for (let from = 0; from < operations.length;) {
    const to = endOfChunk(written, from, limit)
    await sendChunk(connection, call, written, from, to, generation, total, written.owners[from]!)
    // The transactions themselves make new generations.
    generation = undefined
    from = to
    options.onProgress?.({ done: to === operations.length ? total : written.owners[to]!, total })
  }
  return []
}

/** Bytes of the messages around a transaction. */
const frameBytes = 20 + 8 + 20

/** As many messages as fit, and one part at least. */
function endOfChunk(written: WrittenSteps, from: number, limit: number): number {
  const { bytes, starts } = written
  const begin = starts[from]!
  let to = endOfPart(written, from)
  while (to < starts.length) {
    const next = endOfPart(written, to)
    if ((starts[next] ?? bytes.length) - begin > limit) break
    to = next
  }
  return to
}

const elementMessages = ['NFT_MSG_NEWSETELEM', 'NFT_MSG_DELSETELEM']

/** What must stay together: all of an operation, such as a rule with its sets, but for lists of elements. */
function endOfPart({ operations, owners }: WrittenSteps, from: number): number {
  let to = from + 1
  if (elementMessages.includes(operations[from]!.syscall)) return to
  while (to < owners.length && owners[to] === owners[from]) to++
  return to
}

async function sendChunk(
  connection: NetlinkConnection,
  call: RunningCall,
  written: WrittenSteps,
  from: number,
  to: number,
  generation: number | undefined,
  total: number,
  committed: number
): Promise<readonly Reply[]> {
  const requests = framed(written, from, to, generation)
  if (requests.bytes.length > connection.largestDatagram) {
    throw new NetloomError(
      'ERR_TRANSACTION_TOO_LARGE',
      `the transaction takes ${requests.bytes.length} bytes, and one datagram at most ${connection.largestDatagram}; ` +
        'split it, or commit it with { atomic: false }'
    )
  }
  const answer = await connection.exchange(requests, 0, { transaction: true }, call, request)
  if (answer.kind === 'ended') throw answer.error
  const { replies } = answer
  refuseFailed(replies, written.owners.slice(from, to), total, committed, generation)
  return replies.slice(1, -1)
}

function refuseFailed(
  replies: readonly Reply[],
  owners: readonly number[],
  total: number,
  committed: number,
  generation: number | undefined
): void {
  const failures: TransactionFailure[] = []
  let unknown: Error | undefined
  replies.forEach((reply, index) => {
    if (reply.kind === 'failed') failures.push({ index: owners[index - 1], error: reply.error })
    else if (reply.kind === 'unknown') unknown ??= reply.error
  })
  const [first] = failures
  if (first === undefined) {
    if (unknown !== undefined) throw unknown
    return
  }
  if (first.error.errno === stale && first.index === undefined) {
    throw new NetloomError(
      'ERR_STALE_GENERATION',
      `the rule set is no longer of generation ${generation}; nothing was changed`
    )
  }
  throw new TransactionError({ failures, total, complete: unknown === undefined, committed })
}

const stale = errnoOf('ERESTART')

/** Puts the messages of a transaction between its beginning and its end. */
function framed(written: WrittenSteps, from: number, to: number, generation: number | undefined): Requests {
  const begin = written.starts[from] ?? written.bytes.length
  const end = written.starts[to] ?? written.bytes.length
  const writer = new Writer(end - begin + frameBytes)
  const first = writer.beginMessage(NFNL_MSG_BATCH_BEGIN, NLM_F_REQUEST)
  writeBatchBegin(writer, subsystem.nftables, generation)
  writer.endMessage(first)
  const shift = writer.position - begin
  writer.raw(written.bytes.subarray(begin, end))
  const last = writer.beginMessage(NFNL_MSG_BATCH_END, NLM_F_REQUEST)
  writeBatchBegin(writer, subsystem.nftables)
  writer.endMessage(last)
  const starts = [first, ...written.starts.slice(from, to).map((start) => start + shift), last]
  const operations = [
    frame('NFNL_MSG_BATCH_BEGIN'),
    ...written.operations.slice(from, to),
    frame('NFNL_MSG_BATCH_END')
  ]
  return { operations, bytes: writer.written(), starts }
}

function frame(syscall: string): Operation<unknown> {
  return {
    request,
    syscall,
    type: 0,
    flags: 0,
    schema: { headerSize: 4, keyOf: () => undefined, locate: () => undefined },
    write: () => undefined,
    explain: (code) =>
      code === 'EPERM' ? 'changing the rule set needs CAP_NET_ADMIN in the namespace' : undefined
  }
}
