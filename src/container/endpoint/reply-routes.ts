import { commit } from '../drivers/commit.js'
import type { Inside } from '../drivers/driver.js'
import { poolOf } from '../drivers/pool-of.js'
import { driverNamed } from '../engine/engine.js'
import type { Engine } from '../engine/engine.js'
import type { EndpointRecord } from '../model/endpoint.js'
import type { Family } from '../model/ip-address.js'
import { lostInterface } from './lost-interface.js'
import type { PlacedEndpoint } from './order.js'

/** Before the rules for all packets, which have 32766 and 32767 (ip-rule(8)). */
const priority = 30_000

/** Of a kernel, or of one that was started, without rules of this family. */
const unsupported = ['EOPNOTSUPP', 'EAFNOSUPPORT']

/**
 * Whether a default route through `chosen` leads what an endpoint answers astray: its ports are published by the host,
 * and answers that leave by a network which the host is not the router of don't come back to it.
 */
export function needsReplyRoutes(
  engine: Engine,
  { endpoint }: PlacedEndpoint,
  chosen: EndpointRecord
): boolean {
  return (
    endpoint.ports.length > 0 &&
    endpoint.id !== chosen.id &&
    !driverNamed(engine, chosen.driver).capabilities.ports
  )
}

/**
 * Has packets from the address of an endpoint leave by its own network: a table with the routes of that, and a rule
 * for packets from this address. What is there already stays.
 */
export async function setReplyRoutes(
  engine: Engine,
  { stack }: Inside,
  placed: PlacedEndpoint,
  family: Family
): Promise<void> {
  const { network, endpoint } = placed
  const source = family === 'inet' ? endpoint.address : endpoint.address6
  const routes = driverNamed(engine, endpoint.driver).defaultRoutes(placed)
  const gateway = routes.find((route) => route.family === family)?.gateway
  if (source === undefined || gateway === undefined) return
  const pool = poolOf(network.pools, source)
  if (pool === undefined) return
  const place = { table: tableOf(endpoint), link: endpoint.interfaceName }
  const batch = stack.batch()
  batch.routes.replace({ destination: pool.subnet, ...place })
  for (const { destination, gateway: by, type, priority: metric } of network.routes ?? []) {
    if ((type ?? 'unicast') !== 'unicast' || destination.includes(':') !== source.includes(':')) continue
    batch.routes.replace({ destination, gateway: by, priority: metric, ...place })
  }
  batch.routes.replace({ destination: 'default', family, gateway, ...place })
  batch.rules.add({ source, table: place.table, priority })
  // An interface that somebody took away is made again by `reconcile`, and so are these.
  await commit(batch, 'EEXIST', ...lostInterface, ...unsupported)
}

/** Deletes the rules of an endpoint. The routes go with its interface. */
export async function deleteReplyRules({ stack }: Inside, endpoint: EndpointRecord): Promise<void> {
  if (endpoint.ports.length === 0) return
  const batch = stack.batch()
  for (const source of [endpoint.address, endpoint.address6])
    if (source !== undefined) batch.rules.delete({ source, table: tableOf(endpoint), priority })
  await commit(batch, 'ENOENT', ...unsupported)
}

/** Follows from the id, so that it is the same after a crash; far from the numbers that people give tables. */
function tableOf({ id }: EndpointRecord): number {
  return 0x10000000 + Number.parseInt(id.slice(0, 7), 16)
}
