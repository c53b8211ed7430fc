import type {
  ChainSpec,
  ElementSpec,
  NftRuleSpec,
  SetSpec,
  Transaction
} from '../../netfilter/nftables/index.js'

/** Elements of one set. */
export interface SetElements {
  readonly set: SetSpec
  readonly elements: readonly ElementSpec[]
}

/** Something of a table: all of it, or what belongs to a network or a port. */
export interface Contents {
  readonly chains: readonly ChainSpec[]
  readonly sets: readonly SetSpec[]
  /** In the order of their chains. */
  readonly rules: readonly NftRuleSpec[]
  readonly elements: readonly SetElements[]
}

/** Makes it, and leaves what is there already: rules of the chains that it names are put in place of all that are there. */
export function addContents(transaction: Transaction, { chains, sets, rules, elements }: Contents): void {
  for (const set of sets) transaction.sets.add(set)
  for (const chain of chains) transaction.chains.add(chain)
  for (const { family, table, name } of chains) transaction.rules.flush({ family, table, chain: name })
  for (const rule of rules) transaction.rules.add(rule)
  addElements(transaction, elements)
}

export function addElements(transaction: Transaction, elements: readonly SetElements[]): void {
  for (const { set, elements: list } of elements) transaction.elements.add(set, list)
}

/**
 * Takes away chains and elements, be they there or not: each is made first, which changes nothing where it is there.
 * The kernel refuses to make an element whose key leads elsewhere, so that somebody else's is never taken away.
 * (`NFT_MSG_DESTROY*` came with Linux 6.3, and goes by the key alone.)
 */
export function removeContents(transaction: Transaction, { chains, elements }: Contents): void {
  for (const chain of chains) transaction.chains.add(chain)
  addElements(transaction, elements)
  deleteContents(transaction, { chains, elements })
}

/** Takes away chains and elements that are there. */
export function deleteContents(
  transaction: Transaction,
  { chains, elements }: Pick<Contents, 'chains' | 'elements'>
): void {
  for (const { set, elements: list } of elements) {
    if (list.length > 0)
      transaction.elements.delete(
        set,
        list.map(({ key }) => ({ key }))
      )
  }
  for (const { family, table, name } of chains) transaction.chains.delete({ family, table, name })
}

/** All of them together. */
export function mergedContents(parts: readonly Contents[]): Contents {
  return {
    chains: parts.flatMap(({ chains }) => chains),
    sets: parts.flatMap(({ sets }) => sets),
    rules: parts.flatMap(({ rules }) => rules),
    elements: mergedElements(parts.flatMap(({ elements }) => elements))
  }
}

/** Elements by set, each set once. */
export function mergedElements(lists: readonly SetElements[]): SetElements[] {
  const bySet = new Map<string, { set: SetSpec; elements: ElementSpec[] }>()
  for (const { set, elements } of lists) {
    const known = bySet.get(set.name)
    if (known === undefined) bySet.set(set.name, { set, elements: [...elements] })
    else for (const element of elements) known.elements.push(element)
  }
  return [...bySet.values()]
}
