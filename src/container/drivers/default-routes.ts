import type { EndpointPlan, NetworkDriver } from './driver.js'
import { poolOf } from './pool-of.js'

type Routes = ReturnType<NetworkDriver['defaultRoutes']>

/** A default route for each family of the endpoint, by the gateway of its pool. */
export function gatewayRoutes({ network, endpoint }: EndpointPlan): Routes {
  return [endpoint.address, endpoint.address6].flatMap((address) => {
    const pool = address === undefined ? undefined : poolOf(network.pools, address)
    return pool?.gateway === undefined ? [] : { family: pool.family, gateway: pool.gateway }
  })
}

/** A default route out of the link itself, for each family of the endpoint. */
export function deviceRoutes({ endpoint }: EndpointPlan): Routes {
  return [
    ...(endpoint.address === undefined ? [] : [{ family: 'inet' as const }]),
    ...(endpoint.address6 === undefined ? [] : [{ family: 'inet6' as const }])
  ]
}
