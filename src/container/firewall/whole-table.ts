import type { Ruleset, Transaction } from '../../netfilter/nftables/index.js'
import { baseContents } from './base-contents.js'
import { holdsExactly } from './compare.js'
import { addContents, mergedContents } from './contents.js'
import type { Contents } from './contents.js'
import type { FirewallNetwork, PublishedPort } from './firewall.js'
import type { TableLayout } from './layout.js'
import { networkContents } from './network-contents.js'
import { portElements } from './port-elements.js'

/** All that the table should hold; `undefined` where there should be none. */
export function wantedContents(
  layout: TableLayout,
  networks: readonly FirewallNetwork[],
  ports: readonly PublishedPort[]
): Contents | undefined {
  if (networks.length === 0 && ports.length === 0) return undefined
  return mergedContents([
    baseContents(layout),
    ...networks.map((network) => networkContents(layout, network)),
    { chains: [], sets: [], rules: [], elements: portElements(layout, ports) }
  ])
}

/**
 * Puts the table in place of one that isn't right, at once: no packet sees less than the whole. One that is right is left
 * alone.
 */
export function replaceTable(
  transaction: Transaction,
  layout: TableLayout,
  found: Ruleset,
  wanted: Contents | undefined
): void {
  const there = found.tables.length > 0
  if (wanted === undefined ? !there : holdsExactly(found, wanted)) return
  const table = { family: layout.place.family, name: layout.place.table }
  if (there) transaction.tables.delete(table)
  if (wanted === undefined) return
  transaction.tables.add(table)
  addContents(transaction, wanted)
}
