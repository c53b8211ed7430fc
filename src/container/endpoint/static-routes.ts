import type { Inside } from '../drivers/driver.js'
import type { NetworkRecord } from '../model/network.js'
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

/** Deletes those that lead nowhere. The others go with the interface. */
export async function deleteStaticRoutes({ stack }: Inside, network: NetworkRecord): Promise<void> {
  for (const { destination, type = 'unicast', priority } of network.routes ?? []) {
    if (type === 'unicast') continue
    try {
      await stack.routes.delete({ destination, type, priority })
    } catch (error) {
      const { code } = error as { code?: string }
      if (code !== 'ESRCH' && code !== 'ENOENT') throw error
    }
  }
}
