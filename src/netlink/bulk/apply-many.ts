import { OperationQueue } from '../index.js'
import type { NetlinkConnection, RequestDescription, RunningCall } from '../index.js'
import type { Inputs } from './inputs.js'
import type { BulkOptions } from './options.js'
import { runBulk } from './pipeline.js'
import type { Chunk } from './pipeline.js'
import { settle } from './result.js'
import type { BulkResult, Tally } from './result.js'
import type { BulkVerb } from './verbs.js'

/** How many requests are handed over at a time: about as many as fill a few datagrams. */
const chunkSize = 4096

/** Runs a verb of one request for each of many inputs. */
export async function applyMany<In>(
  connection: NetlinkConnection,
  inputs: Inputs<In>,
  verb: BulkVerb<In>,
  options: BulkOptions = {}
): Promise<BulkResult<In>> {
  const request: RequestDescription = { method: verb.method, input: undefined }
  const plan = {
    request,
    unchanged: verb.unchanged,
    chunkSize,
    chunk: (call: RunningCall) => new Requests(connection, verb, request, call, options.onError)
  }
  return runBulk(connection, inputs, plan, options)
}

/** A chunk of one request for each input. */
class Requests<In> implements Chunk<In> {
  readonly #connection: NetlinkConnection
  readonly #verb: BulkVerb<In>
  readonly #call: RunningCall
  readonly #onError: BulkOptions['onError']
  readonly #queue: OperationQueue
  readonly #inputs: In[] = []
  readonly #indices: number[] = []

  constructor(
    connection: NetlinkConnection,
    verb: BulkVerb<In>,
    request: RequestDescription,
    call: RunningCall,
    onError: BulkOptions['onError']
  ) {
    this.#connection = connection
    this.#verb = verb
    this.#call = call
    this.#onError = onError
    this.#queue = new OperationQueue(request)
  }

  get length(): number {
    return this.#inputs.length
  }

  add(index: number, input: In): void {
    this.#queue.add(this.#verb.make(input))
    this.#inputs.push(input)
    this.#indices.push(index)
  }

  async run(tally: Tally<In>): Promise<void> {
    const batch = this.#queue.run(this.#connection, { onError: this.#onError }, this.#call)
    await settle(batch, (outcome, i) => tally.count(this.#indices[i]!, this.#inputs[i]!, outcome))
  }
}
