import type { Inside } from '../drivers/driver.js'
import { driverNamed } from '../engine/engine.js'
import type { Engine } from '../engine/engine.js'
import type { EndpointRecord } from '../model/endpoint.js'
import { endpointsInOrder } from './order.js'
import type { PlacedEndpoint } from './order.js'

type Family = 'inet' | 'inet6'

const families: readonly Family[] = ['inet', 'inet6']

/** How often the endpoints may change while the route is being set. */
const mostAttempts = 10

/** The default routes that a sandbox is to have, and what they were chosen from. */
export interface RouteChoice {
  readonly routes: Readonly<Partial<Record<Family, ChosenRoute>>>
  /** The endpoints that there were, and how far they had come. */
  readonly seen: string
}

interface ChosenRoute {
  readonly endpoint: EndpointRecord
  readonly gateway?: string | undefined
}

/** Chooses the default routes of a sandbox. `self` counts as connected, and doesn't as something that was seen. */
export function chooseRoutes(engine: Engine, sandboxId: string, self?: string): RouteChoice {
  const placed = engine.store.read((transaction) => endpointsInOrder(transaction, sandboxId))
  const candidates = placed.filter(({ endpoint: { id, phase } }) => phase === 'connected' || id === self)
  const routes: Partial<Record<Family, ChosenRoute>> = {}
  for (const family of families) {
    for (const each of candidates) {
      // What a driver gives that only another process has, that has set.
      if (!engine.drivers.has(each.network.driver)) break
      const route = routeBy(engine, each, family)
      if (route === undefined) continue
      routes[family] = route
      break
    }
  }
  const others = placed.filter(({ endpoint }) => endpoint.id !== self)
  return { routes, seen: others.map(({ endpoint: { id, phase } }) => `${id} ${phase}`).join() }
}

function routeBy(engine: Engine, placed: PlacedEndpoint, family: Family): ChosenRoute | undefined {
  const { network, endpoint } = placed
  if (network.internal || network.defaultRoute === false || endpoint.interfaceName === undefined)
    return undefined
  const routes = driverNamed(engine, network.driver).defaultRoutes(placed)
  const route = routes.find((each) => each.family === family)
  return route === undefined ? undefined : { endpoint, gateway: route.gateway }
}

/** Sets default routes, of all families or of those that lead through one endpoint. */
export async function setRoutes({ stack }: Inside, { routes }: RouteChoice, through?: string): Promise<void> {
  await Promise.all(
    families.map(async (family) => {
      const route = routes[family]
      if (route === undefined || (through !== undefined && route.endpoint.id !== through)) return
      const { endpoint, gateway } = route
      await stack.routes.replace({ destination: 'default', family, gateway, link: endpoint.interfaceName })
    })
  )
}

/**
 * Sets default routes again for as long as other processes connect or disconnect the sandbox meanwhile: whoever is the
 * last one to set them has seen everything.
 */
export async function settleRoutes(
  engine: Engine,
  sandboxId: string,
  inside: Inside,
  first: RouteChoice,
  self?: string
): Promise<void> {
  let choice = first
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const now = chooseRoutes(engine, sandboxId, self)
    if (now.seen === choice.seen) return
    await setRoutes(inside, now)
    choice = now
  }
}
