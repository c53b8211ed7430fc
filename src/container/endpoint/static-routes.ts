import type { Inside } from '../drivers/driver.js'
import type { Engine } from '../engine/engine.js'
import { hasCode } from '../errors/has-code.js'
import type { NetworkRoute } from '../model/network.js'
import { placeOf } from '../network/routes.js'
import { endpointsInOrder } from './order.js'
import type { PlacedEndpoint } from './order.js'

/** Sets the routes that a network gives its sandboxes besides the default route. */
export async function setStaticRoutes(
  { stack }: Inside,
  { network, endpoint }: PlacedEndpoint
): Promise<void> {
  for (const { destination, gateway, type = 'unicast', priority } of network.routes ?? []) {
    const link = type === 'unicast' ? endpoint.interfaceName : undefined
    await stack.routes.replace({ destination, type, priority, gateway, link })
  }
}

/**
 * Deletes those that lead nowhere, unless another network of the sandbox gives the same. The others go with the
 * interface.
 */
export async function deleteStaticRoutes(
  engine: Engine,
  inside: Inside,
  { network, endpoint }: PlacedEndpoint
): Promise<void> {
  for (const route of (network.routes ?? []).filter(leadsNowhere)) {
    const isShared = (): boolean => othersGive(engine, endpoint, route)
    // Another process may connect or disconnect such a network meanwhile: whoever is last has seen everything.
    for (let shared: boolean | undefined; shared !== isShared();) {
      shared = isShared()
      if (shared) await inside.stack.routes.replace(route)
      else await deleteRoute(inside, route)
    }
  }
}

const leadsNowhere = ({ type = 'unicast' }: NetworkRoute): boolean => type !== 'unicast'

function othersGive({ store }: Engine, { id, sandboxId }: PlacedEndpoint['endpoint'], route: NetworkRoute) {
  const place = placeOf(route)
  return store
    .read((transaction) => endpointsInOrder(transaction, sandboxId))
    .some(
      ({ network, endpoint }) =>
        endpoint.id !== id && network.routes?.some((other) => leadsNowhere(other) && placeOf(other) === place)
    )
}

async function deleteRoute({ stack }: Inside, { destination, type, priority }: NetworkRoute): Promise<void> {
  try {
    await stack.routes.delete({ destination, type, priority })
  } catch (error) {
    if (!hasCode(error, 'ESRCH', 'ENOENT')) throw error
  }
}
