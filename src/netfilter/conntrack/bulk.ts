import { NetlinkError, OperationQueue } from '../../netlink/index.js'
import type { CommitOptions, NetlinkConnection, Operation, Outcome } from '../../netlink/index.js'

/** How many deletions are held at a time. */
const chunkSize = 4096

/**
 * Runs many operations together, in order: each is checked before the first is sent. Their outcomes are in
 * the same order; one that failed is an outcome, not a rejection.
 */
export async function runMany<T>(
  connection: NetlinkConnection,
  operations: Iterable<Operation<T>>,
  options?: CommitOptions
): Promise<Outcome<T>[]> {
  const queue = new OperationQueue()
  await queue.addAll(operations)
  return (await queue.run(connection, options)) as Outcome<T>[]
}

/**
 * Deletes what a single scan finds, a few thousand at a time while the scan goes on, and gives how many there
 * were. One that is gone already is no failure; the first real failure is thrown once all were tried.
 */
export async function deleteFound<T>(
  connection: NetlinkConnection,
  found: AsyncIterable<T>,
  remove: (object: T) => Operation<void>,
  options: CommitOptions
): Promise<number> {
  let deleted = 0
  let failure: Error | undefined
  let chunk: Operation<void>[] = []
  const flush = async (): Promise<void> => {
    const outcomes = await runMany(connection, chunk, options)
    chunk = []
    for (const outcome of outcomes) {
      if (outcome.status === 'applied') deleted++
      else if (outcome.status !== 'skipped' && !isGone(outcome.error)) failure ??= outcome.error
    }
  }
  for await (const object of found) {
    chunk.push(remove(object))
    if (chunk.length >= chunkSize) await flush()
  }
  if (chunk.length > 0) await flush()
  if (failure !== undefined) throw failure
  return deleted
}

function isGone(error: Error): boolean {
  return error instanceof NetlinkError && error.code === 'ENOENT'
}
