import type { BulkResult, Outcome } from 'netloom'

/** How many were applied. What failed is thrown: a benchmark of errors is worthless. */
export function applied(result: BulkResult<unknown> | readonly Outcome[]): number {
  if ('failures' in result) {
    for (const failure of result.failures) throw failure.error
    return result.applied
  }
  for (const outcome of result) if (outcome.status !== 'applied') throw errorOf(outcome)
  return result.length
}

function errorOf(outcome: Exclude<Outcome, { status: 'applied' }>): Error {
  return outcome.status === 'skipped' ? new Error('an operation was skipped') : outcome.error
}
