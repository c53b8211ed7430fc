import { BatchError, Pacer, checkCommitOptions } from '../index.js'
import type { NetlinkConnection, RequestDescription, RunningCall } from '../index.js'
import { forEachInput } from './inputs.js'
import type { Inputs } from './inputs.js'
import type { BulkOptions } from './options.js'
import { BulkError, Tally } from './result.js'
import type { BulkResult } from './result.js'

/** Some of the inputs, which are handed to the kernel together. */
export interface Chunk<In> {
  readonly length: number
  /** Takes an input, or throws what is wrong with it. */
  add(index: number, input: In): void
  /** Hands all to the kernel and counts what became of each. Rejects when the call ends under way. */
  run(tally: Tally<In>): Promise<void>
}

/** How a bulk verb hands its inputs over. */
export interface Plan<In> {
  /** The verb, in errors. */
  readonly request: RequestDescription
  /** Codes of errors that tell that it was so already. */
  readonly unchanged?: readonly string[] | undefined
  /** How many inputs go into the chunk that is being filled. */
  readonly chunkSize: number
  /** How many are waited for even while the kernel has nothing to do. */
  readonly leastChunk?: number
  chunk(call: RunningCall): Chunk<In>
}

/**
 * Takes many inputs to the kernel, in order: while one chunk is with the kernel, the next is written. No more
 * than these two are held. An input that can't be right is a failure among the others, since those before it
 * may have been sent by then.
 */
export async function runBulk<In>(
  connection: NetlinkConnection,
  inputs: Inputs<In>,
  plan: Plan<In>,
  options: BulkOptions
): Promise<BulkResult<In>> {
  checkCommitOptions(options)
  const run = new Run(plan, connection.settings(options), options)
  try {
    await forEachInput(inputs, run.call, plan.request, (input) => run.take(input))
    await run.finish()
  } catch (error) {
    throw await run.abandon(error)
  }
  return run.tally.result
}

/** `leastChunk` of a plan without one. */
const leastChunk = 128

/** A bulk call under way. */
class Run<In> {
  readonly tally: Tally<In>
  readonly call: RunningCall
  readonly #plan: Plan<In>
  readonly #options: BulkOptions
  readonly #stop: boolean
  readonly #pacer = new Pacer()
  #chunk: Chunk<In>
  #sent: Promise<void> | undefined
  /** The kernel has nothing of ours. */
  #idle = true
  #next = 0

  constructor(plan: Plan<In>, call: RunningCall, options: BulkOptions) {
    this.#plan = plan
    this.call = call
    this.#options = options
    this.#stop = options.onError === 'stop'
    this.tally = new Tally(plan.unchanged ?? [])
    this.#chunk = plan.chunk(call)
  }

  /** Takes an input; true to go on with the next. */
  take(input: In): Promise<boolean> | boolean {
    const index = this.#next++
    try {
      this.#chunk.add(index, input)
    } catch (error) {
      this.tally.refuse(index, input, error as Error)
      if (this.#stop) return false
    }
    const { length } = this.#chunk
    const enough = this.#idle ? (this.#plan.leastChunk ?? leastChunk) : Infinity
    if (length >= Math.min(this.#plan.chunkSize, enough)) return this.#flush()
    return this.#pacer.due() ? this.#pause() : true
  }

  /** Sends what is left, and waits for all. */
  async finish(): Promise<void> {
    if (this.#chunk.length > 0) await this.#flush()
    await this.#sent
  }

  /** What is thrown when an error ends the call: what was under way by then is counted first. */
  async abandon(error: unknown): Promise<BulkError<In>> {
    await this.#sent?.catch(() => undefined)
    return new BulkError(error instanceof BatchError ? error.cause : error, this.tally.result)
  }

  /** Hands the chunk over once the one before has come back. */
  async #flush(): Promise<boolean> {
    await this.#sent
    this.#sent = undefined
    const full = this.#chunk
    this.#chunk = this.#plan.chunk(this.call)
    if (this.#stop && this.tally.failures.some(({ index }) => index < this.#next - full.length)) return false
    this.#idle = false
    const sent = this.#send(full)
    const settled = (): boolean => (this.#idle = true)
    // It is awaited later; until then nobody else hears of its failure.
    sent.then(settled, settled)
    this.#sent = sent
    return true
  }

  async #send(chunk: Chunk<In>): Promise<void> {
    await chunk.run(this.tally)
    const { applied, unchanged, failures } = this.tally
    this.#options.onProgress?.({ applied, unchanged, failed: failures.length })
  }

  async #pause(): Promise<boolean> {
    await this.#pacer.turn()
    return true
  }
}
