import type { Inside } from '../drivers/driver.js'
import { driverNamed } from '../engine/engine.js'
import type { Engine } from '../engine/engine.js'
import { hasCode } from '../errors/has-code.js'
import type { EndpointRecord } from '../model/endpoint.js'
import { lostInterface } from './lost-interface.js'
import { endpointsInOrder } from './order.js'
import type { PlacedEndpoint } from './order.js'
import { needsReplyRoutes, setReplyRoutes } from './reply-routes.js'

type Family = 'inet' | 'inet6'

const families: readonly Family[] = ['inet', 'inet6']

/** How often the endpoints may change while the routes are being set. */
const mostAttempts = 20

/** The default routes that a sandbox is to have, and what they were chosen from. */
interface RouteChoice {
  readonly routes: Readonly<Partial<Record<Family, ChosenRoute>>>
  /** The endpoints whose answers must not leave by these. */
  readonly replies: readonly { readonly family: Family; readonly placed: PlacedEndpoint }[]
  /** The endpoints that there were, and how far they had come. */
  readonly seen: string
}

interface ChosenRoute {
  readonly endpoint: EndpointRecord
  readonly gateway?: string | undefined
}

export interface DefaultRouteOptions {
  /** The endpoint that is just being connected: it counts as connected. */
  readonly self?: string | undefined
  /** The index of its link inside, where that is known. */
  readonly index?: number | undefined
  /** Only routes through `self` are set. */
  readonly throughSelf?: boolean | undefined
  /** What an earlier call resolved to: if that is still so, there is nothing to do. */
  readonly seen?: string | undefined
  /** A route by an interface that isn't there is an error. Otherwise it is left to `reconcile`, unless it is that of `self`. */
  readonly strict?: boolean | undefined
}

/**
 * Sets the default routes of a sandbox, and those by which it answers where they would lead astray, again for as long as other processes connect or disconnect it meanwhile: whoever
 * is the last to set them has seen everything. Resolves to what was seen.
 */
export async function setDefaultRoutes(
  engine: Engine,
  sandboxId: string,
  inside: Inside,
  options: DefaultRouteOptions = {}
): Promise<string> {
  const { self } = options
  let { seen } = options
  for (let attempt = 1; ; attempt++) {
    const choice = chooseRoutes(engine, sandboxId, self)
    if (choice.seen === seen || attempt > mostAttempts) return choice.seen
    seen = choice.seen
    try {
      await applyRoutes(engine, inside, choice, options)
    } catch (error) {
      // The interface by which it leads may just have been taken away.
      if (chooseRoutes(engine, sandboxId, self).seen === seen) throw error
    }
  }
}

function chooseRoutes(engine: Engine, sandboxId: string, self: string | undefined): RouteChoice {
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
  const replies = families.flatMap((family) => {
    const chosen = routes[family]?.endpoint
    if (chosen === undefined) return []
    return candidates
      .filter(
        (placed) => engine.drivers.has(placed.network.driver) && needsReplyRoutes(engine, placed, chosen)
      )
      .map((placed) => ({ family, placed }))
  })
  const others = placed.filter(({ endpoint }) => endpoint.id !== self)
  return { routes, replies, seen: others.map(({ endpoint: { id, phase } }) => `${id} ${phase}`).join() }
}

function routeBy(engine: Engine, placed: PlacedEndpoint, family: Family): ChosenRoute | undefined {
  const { network, endpoint } = placed
  if (network.internal || network.defaultRoute === false || endpoint.interfaceName === undefined)
    return undefined
  const routes = driverNamed(engine, network.driver).defaultRoutes(placed)
  const route = routes.find((each) => each.family === family)
  return route === undefined ? undefined : { endpoint, gateway: route.gateway }
}

async function applyRoutes(
  engine: Engine,
  inside: Inside,
  { routes, replies }: RouteChoice,
  { self, index, throughSelf, strict }: DefaultRouteOptions
): Promise<void> {
  await Promise.all(replies.map(({ placed, family }) => setReplyRoutes(engine, inside, placed, family)))
  await Promise.all(
    families.map(async (family) => {
      const route = routes[family]
      if (route === undefined) return
      const { endpoint, gateway } = route
      const isSelf = endpoint.id === self
      if (throughSelf === true && !isSelf) return
      const link = (isSelf ? index : undefined) ?? endpoint.interfaceName
      try {
        await inside.stack.routes.replace({ destination: 'default', family, gateway, link })
      } catch (error) {
        if (strict === true || isSelf || !hasCode(error, ...lostInterface)) throw error
      }
    })
  )
}
