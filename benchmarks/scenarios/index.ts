import type { Scenario } from '../scenario.js'
import { codec } from './codec.js'
import { container } from './container.js'
import { containerDns } from './container-dns.js'
import { containerNetworks } from './container-networks.js'
import { idle } from './idle.js'
import { monitor } from './monitor.js'
import { nftables } from './nftables.js'
import { routes } from './routes.js'
import { single } from './single.js'
import { stall } from './stall.js'
import { veth } from './veth.js'

const all: readonly Scenario[] = [
  codec,
  single,
  container,
  containerNetworks,
  containerDns,
  stall,
  idle,
  monitor,
  routes,
  veth,
  nftables
]

/** Those that are wanted, or all. Throws if there is no such scenario. */
export function findScenarios(wanted?: readonly string[]): readonly Scenario[] {
  const ids = all.map(({ id }) => id)
  for (const id of wanted ?? []) {
    if (!ids.includes(id)) throw new TypeError(`there is no scenario ${id}; there are ${ids.join(', ')}`)
  }
  return all.filter(({ id }) => wanted === undefined || wanted.includes(id))
}
