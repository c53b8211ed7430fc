import type { Batch } from '../../batch.js'
import { hasCode } from '../errors/has-code.js'

/** Sends a batch, and throws the first failure whose code is not among those that don't matter. */
export async function commit(batch: Batch, ...harmless: readonly string[]): Promise<void> {
  if (batch.length === 0) return
  for (const outcome of await batch.commit()) {
    if (outcome.status === 'applied' || outcome.status === 'skipped') continue
    if (!hasCode(outcome.error, ...harmless)) throw outcome.error
  }
}
