import type { CallOptions, NetlinkConnection } from '../index.js'
import { applyMany } from './apply-many.js'
import type { Inputs } from './inputs.js'
import type { BulkVerb } from './verbs.js'

/**
 * Deletes what was found and gives how many there were. What vanished meanwhile is no failure; the first real
 * failure is thrown once all were tried.
 */
export async function flush<T>(
  connection: NetlinkConnection,
  found: Inputs<T>,
  verb: BulkVerb<T>,
  options?: CallOptions
): Promise<number> {
  const { applied, failures } = await applyMany(connection, found, verb, options)
  if (failures[0] !== undefined) throw failures[0].error
  return applied
}
