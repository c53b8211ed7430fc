import type { Engine } from '../engine/engine.js'
import type { FirewallNetwork, PublishedPort } from '../firewall/index.js'
import { neededNetworks } from '../network/needed.js'
import { listEndpoints } from '../state/index.js'
import type { ReadTransaction } from '../state/index.js'
import type { Reconciliation } from './report.js'

/** How often others may connect and disconnect meanwhile. */
const mostAttempts = 10

/** What the packet filter is to hold. */
interface Rules {
  readonly networks: readonly FirewallNetwork[]
  readonly ports: readonly PublishedPort[]
}

/**
 * Makes the packet filter hold what the store says, also what others are just connecting. `links` are the names of the
 * links of the host.
 */
export async function reconcileFirewall(
  engine: Engine,
  links: ReadonlySet<unknown>,
  done: Reconciliation
): Promise<void> {
  let rules = engine.store.read((transaction) => rulesOf(engine, transaction, links))
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    if (await engine.host.firewall.reconcile(rules.networks, rules.ports)) done.firewall = true
    // What changed after it was read may have been put back to what it was.
    const now = engine.store.read((transaction) => rulesOf(engine, transaction, links))
    if (JSON.stringify(now) === JSON.stringify(rules)) return
    rules = now
  }
}

function rulesOf({ drivers }: Engine, transaction: ReadTransaction, links: ReadonlySet<unknown>): Rules {
  const networks = new Map(neededNetworks(transaction, links).map((network) => [network.id, network]))
  const endpoints = listEndpoints(transaction).filter(
    ({ phase }) => phase === 'connected' || phase === 'connecting'
  )
  return {
    networks: [...networks.values()].flatMap(
      (network) => drivers.get(network.driver)?.firewallNetwork?.(network) ?? []
    ),
    ports: endpoints.flatMap((endpoint) => {
      const network = networks.get(endpoint.networkId)
      if (network === undefined) return []
      return drivers.get(endpoint.driver)?.publishedPorts?.({ network, endpoint }) ?? []
    })
  }
}
