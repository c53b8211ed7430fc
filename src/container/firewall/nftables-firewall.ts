import { invalidType, invalidValue, refuseOtherKeys, requireObject, within } from '../../codec/index.js'
import type { NetworkNamespace } from '../../namespace/index.js'
import type { Nftables, RuleRef, Ruleset, Transaction } from '../../netfilter/nftables/index.js'
import type { NetworkStack } from '../../network-stack.js'
import { baseContents } from './base-contents.js'
import { checkedNetwork, checkedNetworks, checkedPorts } from './check.js'
import { presentPart } from './compare.js'
import { endConnections, forgetEarlierConnections } from './connections.js'
import { addContents, addElements, deleteContents, removeContents } from './contents.js'
import type { Contents } from './contents.js'
import { changeUserChains, userChainChanges, userChainRules } from './docker-user.js'
import type { Firewall, FirewallNetwork, PublishedPort } from './firewall.js'
import { refuseForeignDrops } from './foreign.js'
import { tableLayout } from './layout.js'
import type { TableLayout } from './layout.js'
import { networkContents } from './network-contents.js'
import { mappingText, mappingsOf, portElements } from './port-elements.js'
import { failedWith, publishError } from './publish-error.js'
import { deleteUnusedTable, readAndChange } from './table-access.js'
import { replaceTable, wantedContents } from './whole-table.js'

export interface NftablesFirewallOptions {
  /** The name of its table, of the family `inet`. Runtimes that share a host need one each. Default: `'netloom'`. */
  readonly table?: string | undefined
  /**
   * Where another table seems to drop what is forwarded: refuses the network, or goes on, for a table that accepts in
   * ways that can't be seen (see `foreignDrops`). Default: `'refuse'`.
   */
  readonly onForeignDrop?: 'refuse' | 'ignore' | undefined
}

/**
 * The rules of bridge networks, in an nftables table of its own; see `baseContents` for what they say. Chains of other
 * programs are left alone, but for Docker's `DOCKER-USER`.
 *
 * The kernel must track connections (`nf_conntrack`, `nf_nat`) and look up addresses in rules (`nft_fib_inet`); without
 * `nf_conntrack_netlink` the connections of a port outlive it until they time out.
 */
export class NftablesFirewall implements Firewall {
  readonly #stack: NetworkStack
  readonly #namespace: NetworkNamespace
  readonly #layout: TableLayout
  readonly #ignoresForeign: boolean

  /** `stack` and `namespace` are of the namespace that is the host; both are used until the last call has ended. */
  constructor(
    host: { readonly stack: NetworkStack; readonly namespace: NetworkNamespace },
    options: NftablesFirewallOptions = {}
  ) {
    requireObject(options, 'an object of options')
    refuseOtherKeys(options, ['table', 'onForeignDrop'], 'object of options')
    const { table = 'netloom', onForeignDrop = 'refuse' } = options
    within('table', () => checkTable(table))
    if (onForeignDrop !== 'refuse' && onForeignDrop !== 'ignore') {
      within('onForeignDrop', () => invalidValue(onForeignDrop, '"refuse" or "ignore"'))
    }
    this.#stack = host.stack
    this.#namespace = host.namespace
    this.#layout = tableLayout(table)
    this.#ignoresForeign = onForeignDrop === 'ignore'
  }

  get #nftables(): Nftables {
    return this.#stack.nftables
  }

  async ensureNetwork(given: FirewallNetwork): Promise<void> {
    const network = checkedNetwork(given)
    const nftables = this.#nftables
    const { table, family } = this.#layout.place
    const chains = await nftables.chains.list()
    if (!this.#ignoresForeign) {
      const around = { nftables, namespace: this.#namespace, chains, own: table }
      await refuseForeignDrops(around, network)
    }
    const passes = await userChainChanges(nftables, table, chains, [network.bridge], 'keep')
    const contents = networkContents(this.#layout, network)
    const gather = (transaction: Transaction): void => {
      addContents(transaction, contents)
      changeUserChains(transaction, passes)
    }
    try {
      await nftables.commit(gather)
    } catch (error) {
      if (!failedWith(error, 'ENOENT')) throw error
      // It is the first, or something of the table is missing.
      await nftables.commit((transaction) => {
        transaction.tables.add({ family, name: table })
        addContents(transaction, baseContents(this.#layout))
        gather(transaction)
      })
    }
  }

  async removeNetwork(given: FirewallNetwork): Promise<void> {
    const network = checkedNetwork(given)
    const { table } = this.#layout.place
    const inUserChains = () => userChainRules(this.#nftables, table, network.bridge)
    await this.#remove(networkContents(this.#layout, network), inUserChains)
    await deleteUnusedTable(this.#nftables, this.#layout)
  }

  async publish(given: readonly PublishedPort[]): Promise<void> {
    const ports = checkedPorts(given)
    const elements = portElements(this.#layout, ports)
    try {
      await this.#nftables.commit((transaction) => addElements(transaction, elements))
    } catch (error) {
      throw publishError(error, this.#layout, elements)
    }
    await forgetEarlierConnections(this.#stack, ports)
  }

  async withdraw(given: readonly PublishedPort[]): Promise<void> {
    const ports = checkedPorts(given)
    const elements = portElements(this.#layout, ports)
    await this.#remove({ chains: [], sets: [], rules: [], elements })
    await endConnections(this.#stack, ports)
  }

  async reconcile(
    givenNetworks: readonly FirewallNetwork[],
    givenPorts: readonly PublishedPort[]
  ): Promise<boolean> {
    const networks = checkedNetworks(givenNetworks)
    const ports = checkedPorts(givenPorts)
    const layout = this.#layout
    const bridges = networks.map(({ bridge }) => bridge)
    const { changed, found } = await readAndChange(this.#nftables, layout, async (ruleset, transaction) => {
      replaceTable(transaction, layout, ruleset, wantedContents(layout, networks, ports))
      const chains = await this.#nftables.chains.list()
      const { table } = layout.place
      changeUserChains(transaction, await userChainChanges(this.#nftables, table, chains, bridges, 'remove'))
      return { changed: transaction.length > 0, found: ruleset }
    })
    if (changed) await this.#followPorts(found, ports)
    return changed
  }

  /** Ends and forgets connections where what the table held is not what it holds now. */
  async #followPorts(before: Ruleset, ports: readonly PublishedPort[]): Promise<void> {
    const earlier = mappingsOf(this.#layout, before)
    const were = new Set(earlier.map(mappingText))
    const are = new Set(ports.map(mappingText))
    const gone = earlier.filter((port) => !are.has(mappingText(port)))
    await endConnections(this.#stack, gone)
    const added = ports.filter((port) => !were.has(mappingText(port)))
    await forgetEarlierConnections(this.#stack, added)
  }

  /** Takes away what is there of it. */
  async #remove(
    contents: Contents,
    alsoRules: () => Promise<readonly RuleRef[]> = () => Promise.resolve([])
  ): Promise<void> {
    const rules = await alsoRules()
    try {
      await this.#nftables.commit((transaction) => {
        removeContents(transaction, contents)
        for (const rule of rules) transaction.rules.delete(rule)
      })
    } catch (error) {
      if (!failedWith(error, 'ENOENT', 'EEXIST', 'EBUSY')) throw error
      // Something of the table is missing, or leads elsewhere: what is left is found by reading.
      await readAndChange(this.#nftables, this.#layout, async (ruleset, transaction) => {
        deleteContents(transaction, presentPart(ruleset, contents))
        for (const rule of await alsoRules()) transaction.rules.delete(rule)
      })
    }
  }
}

function checkTable(table: unknown): void {
  const expected = 'a letter, and at most 63 further letters, digits, "_", "-" and "."'
  if (typeof table !== 'string') invalidType(table, expected)
  if (!/^[a-zA-Z][\w.-]{0,63}$/.test(table)) invalidValue(table, expected)
}
