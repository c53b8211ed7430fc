import { binding } from '../../../binding.js'
import type { NativeExchange } from '../../../binding.js'
import {
  NLMSG_ERROR,
  NetlinkError,
  Pacer,
  SharedStack,
  checkCommitOptions,
  closedError,
  errnoName,
  errnoOf,
  errorOf,
  isClosed,
  messages,
  readAcknowledgement,
  unknownOutcome,
  word
} from '../../../netlink/index.js'
import type {
  Message,
  NativeAnswer,
  NetlinkConnection,
  RequestDescription,
  RunningCall
} from '../../../netlink/index.js'
import { BulkError } from '../../../netlink/bulk/index.js'
import type { BulkFailure, BulkOptions, BulkResult } from '../../../netlink/bulk/index.js'
import { explain } from '../operations.js'
import type { RouteSpec } from '../route.js'
import { RTM_DELROUTE } from '../schema.js'
import { RouteBlock } from './block.js'
import { checkBlock } from './check.js'
import { GivenColumns } from './columns.js'
import type { PackedRoutesSpec } from './packed-routes.js'
import type { PackedVerb } from './verbs.js'

/** Rows that are copied and sent at a time. Other calls wait for that many. */
const blockSize = 4096

/** What every block of a table is sent by. */
interface Job {
  readonly connection: NetlinkConnection
  readonly given: GivenColumns
  readonly verb: PackedVerb
  readonly options: BulkOptions
  /** Errors that are no failure, by their negative numbers. */
  readonly unchanged: readonly number[]
  readonly call: RunningCall
  /** Names the whole in errors; the columns would be too long. */
  readonly request: RequestDescription
}

/**
 * Asks for each row of a table, in order. All rows are checked before the first is sent. The addon encodes and
 * sends them; here they are copied, a block at a time, and failures are told.
 */
export async function applyPacked(
  connection: NetlinkConnection,
  method: string,
  verb: PackedVerb,
  columns: PackedRoutesSpec,
  options: BulkOptions,
  unchanged: readonly string[] = []
): Promise<BulkResult<RouteSpec>> {
  checkCommitOptions(options)
  const given = new GivenColumns(columns, connection, verb.protocol)
  const { family, length, linkName } = given
  const call = connection.settings(options)
  const request = { method, input: { family, length, link: linkName } }
  const job = { connection, given, verb, options, unchanged: unchanged.map(errnoOf), call, request }
  await checkAll(job)
  await connection.ready(call, request)
  if (linkName !== undefined) {
    const indexOf = await connection.resolve({ request, syscall: verb.syscall, needs: [linkName] }, call)
    given.setLink(indexOf(linkName))
  }
  return new PackedRun(job).run()
}

async function checkAll({ given, connection, call, request }: Job): Promise<void> {
  const pacer = new Pacer(1)
  const block = newBlock(given)
  for (let first = 0; first < given.length; first += block.rows) {
    given.load(block, first)
    checkBlock(block, given, first)
    if (pacer.due()) {
      await pacer.turn()
      connection.refuse(call, request)
    }
  }
}

function newBlock(given: GivenColumns): RouteBlock {
  const block = new RouteBlock(given.family, Math.max(1, Math.min(blockSize, given.length)))
  given.fill(block)
  return block
}

/** A block under way. */
interface Flight {
  readonly block: RouteBlock
  /** The place of its first row in the table. */
  readonly first: number
  readonly answer: Promise<NativeAnswer>
}

class PackedRun {
  readonly #job: Job
  readonly #stop: boolean
  readonly #pacer = new Pacer()
  readonly #result = { applied: 0, unchanged: 0, failures: [] as BulkFailure<RouteSpec>[] }

  constructor(job: Job) {
    this.#job = job
    this.#stop = job.options.onError === 'stop'
  }

  async run(): Promise<BulkResult<RouteSpec>> {
    const { given, options } = this.#job
    const flights: Flight[] = []
    // A second block waits for the worker, so that it never waits for us; not where the first may be the last.
    const spare = Array.from({ length: this.#stop ? 1 : 2 }, () => newBlock(given))
    let next = 0
    try {
      for (;;) {
        while (next < given.length && !this.#stopped && spare.length > 0) {
          const flight = this.#send(spare.pop()!, next)
          flights.push(flight)
          next += flight.block.rows
        }
        const flight = flights.shift()
        if (flight === undefined) return this.#result
        await this.#settle(flight)
        spare.push(flight.block)
        const { applied, unchanged, failures } = this.#result
        options.onProgress?.({ applied, unchanged, failed: failures.length })
      }
    } catch (error) {
      for (const flight of flights) await this.#settle(flight).catch(() => undefined)
      throw new BulkError(error, this.#result)
    }
  }

  get #stopped(): boolean {
    return this.#stop && this.#result.failures.length > 0
  }

  #send(block: RouteBlock, first: number): Flight {
    const { connection, given, verb, call, request } = this.#job
    given.load(block, first)
    // The caller's arrays may have changed since.
    checkBlock(block, given, first)
    const { type, flags } = verb
    const how = { type, flags, stopOnError: this.#stop }
    const answer = connection.transfer(
      (socket, ticket) => socket.exchangeRoutes(block.native, how, ticket),
      call,
      request
    )
    return { block, first, answer }
  }

  /** Counts what became of a block. Throws what keeps the rest from being sent. */
  async #settle({ block, first, answer }: Flight): Promise<void> {
    const ended = await answer
    if (ended.kind === 'ended') {
      if (ended.sent) this.#lose(block, first, ended.error as Error)
      throw ended.error
    }
    const { result } = ended
    await this.#count(result, block, first)
    const { errno, syscall, sent } = result
    if (errno === 0 || sent === block.rows || this.#stopped) return
    const { request } = this.#job
    throw isClosed(errno, syscall) ? closedError(request) : new NetlinkError({ errno, syscall, request })
  }

  /** Nobody waited for the answer. */
  #lose(block: RouteBlock, first: number, error: Error): void {
    for (let row = 0; row < block.rows; row++) {
      const input = block.spec(row, this.#isDeletion)
      this.#result.failures.push({ index: first + row, input, error, unknown: true })
    }
  }

  async #count(result: NativeExchange, block: RouteBlock, first: number): Promise<void> {
    const stack = new SharedStack()
    const told = new Set<number>()
    const failures: BulkFailure<RouteSpec>[] = []
    let unchanged = 0
    for (const message of messages(result.replies)) {
      const errno = message.type === NLMSG_ERROR ? word(message.bytes, message.offset) | 0 : 0
      // A success that carries a warning.
      if (errno === 0) continue
      const row = message.sequence
      told.add(row)
      if (this.#job.unchanged.includes(errno)) unchanged++
      else failures.push(stack.share(() => this.#refusal(message, block, row, first)))
      if (this.#pacer.due()) await this.#pacer.turn()
    }
    for (const row of unknownRows(result.unknown, told)) {
      failures.push(stack.share(() => this.#unknown(result, block, row, first)))
      if (this.#pacer.due()) await this.#pacer.turn()
    }
    if (result.unknown.length > 0) failures.sort((a, b) => a.index - b.index)
    this.#result.applied += result.sent - failures.length - unchanged
    this.#result.unchanged += unchanged
    for (const failure of failures) this.#result.failures.push(failure)
  }

  #refusal(message: Message, block: RouteBlock, row: number, first: number): BulkFailure<RouteSpec> {
    const { verb } = this.#job
    const { syscall, schema } = verb
    const request = this.#request(block, row)
    const acknowledgement = readAcknowledgement(message)
    const { offset, missingType } = acknowledgement.extended
    // Only to find the attribute that the kernel means.
    const bytes =
      offset === undefined && missingType === undefined
        ? new Uint8Array()
        : binding().encodeRoutes(block.single(row).native, verb)
    const explanation = explain(errnoName(acknowledgement.errno))
    const error = errorOf(acknowledgement, bytes, schema, { request, syscall, explanation })
    return { index: first + row, input: request.input, error }
  }

  #unknown(result: NativeExchange, block: RouteBlock, row: number, first: number): BulkFailure<RouteSpec> {
    const request = this.#request(block, row)
    const error = unknownOutcome(result.errno, result.syscall, request)
    return { index: first + row, input: request.input, error, unknown: true }
  }

  /** A row as a request of its own. */
  #request(block: RouteBlock, row: number): RequestDescription & { readonly input: RouteSpec } {
    return { method: this.#job.request.method, input: block.spec(row, this.#isDeletion) }
  }

  get #isDeletion(): boolean {
    return this.#job.verb.type === RTM_DELROUTE
  }
}

/** The rows in ranges of unknown outcome that nothing was told of all the same. */
function* unknownRows(ranges: readonly number[], told: ReadonlySet<number>): Generator<number> {
  for (let i = 0; i + 1 < ranges.length; i += 2) {
    for (let row = ranges[i]!; row < ranges[i + 1]!; row++) if (!told.has(row)) yield row
  }
}
