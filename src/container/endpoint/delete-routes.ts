import type { Inside } from '../drivers/driver.js'
import type { Engine } from '../engine/engine.js'
import type { PlacedEndpoint } from './order.js'
import { deleteReplyRules } from './reply-routes.js'
import { deleteStaticRoutes } from './static-routes.js'

/** Deletes those routes and rules of an endpoint that don't go with its interface. */
export async function deleteRoutes(engine: Engine, inside: Inside, placed: PlacedEndpoint): Promise<void> {
  await deleteStaticRoutes(engine, inside, placed)
  await deleteReplyRules(inside, placed.endpoint)
}
