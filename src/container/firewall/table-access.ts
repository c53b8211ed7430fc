import type { Nftables, Ruleset, Transaction } from '../../netfilter/nftables/index.js'
import { hasCode } from '../errors/has-code.js'
import type { TableLayout } from './layout.js'

/** How often a change is tried where others change the rule set meanwhile. */
const attempts = 10

/**
 * Reads the table, and changes what the reading shows to be needed: all of it in one transaction, for the generation
 * that was read. Where somebody else changed the rule set meanwhile, it is read again. What one transaction can't hold
 * (in a user namespace it is limited to some 200 kB) is split into several.
 */
export async function readAndChange<T>(
  nftables: Nftables,
  { place }: TableLayout,
  change: (ruleset: Ruleset, transaction: Transaction) => Promise<T> | T
): Promise<T> {
  let atomic = true
  for (let attempt = 1; ; attempt++) {
    const ruleset = await nftables.ruleset(place)
    const transaction = nftables.transaction()
    const result = await change(ruleset, transaction)
    if (transaction.length === 0) return result
    try {
      await transaction.commit({ generation: ruleset.generation, atomic })
      return result
    } catch (error) {
      if (atomic && hasCode(error, 'ERR_TRANSACTION_TOO_LARGE')) atomic = false
      else if (!hasCode(error, 'ERR_STALE_GENERATION') || attempt >= attempts) throw error
    }
  }
}

/**
 * Deletes the table if no network is left: it holds no more chains and sets than it has by itself, and nobody has changed the
 * rule set since. Where that can't be told it stays, which does no harm.
 */
export async function deleteUnusedTable(nftables: Nftables, layout: TableLayout): Promise<void> {
  const { family, table: name } = layout.place
  const { id: generation } = await nftables.generation()
  const table = (await nftables.tables.list({ family })).find((other) => other.name === name)
  if (table === undefined || table.use > layout.chains.length + layout.sets.length) return
  try {
    await nftables.commit((transaction) => transaction.tables.delete({ family, name }), { generation })
  } catch (error) {
    if (!hasCode(error, 'ERR_STALE_GENERATION')) throw error
  }
}
