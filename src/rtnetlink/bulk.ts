import { NetlinkError, OperationQueue } from '../netlink/index.js'
import type { CallOptions, CommitOptions, NetlinkConnection, Operation, Outcome } from '../netlink/index.js'

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
 * Deletes many objects together and gives how many there were. One that vanished meanwhile, which the kernel
 * tells by one of the codes of `gone`, is no failure; the first real failure is thrown once all were tried.
 */
export async function deleteMany(
  connection: NetlinkConnection,
  operations: Iterable<Operation<void>>,
  gone: readonly string[],
  options?: CallOptions
): Promise<number> {
  let deleted = 0
  let failure: Error | undefined
  for (const outcome of await runMany(connection, operations, options)) {
    if (outcome.status === 'applied') deleted++
    else if (
      outcome.status !== 'skipped' &&
      !(outcome.error instanceof NetlinkError && gone.includes(outcome.error.code))
    ) {
      failure ??= outcome.error
    }
  }
  if (failure !== undefined) throw failure
  return deleted
}
