import type { Engine } from '../engine/engine.js'
import type { EndpointRecord } from '../model/endpoint.js'
import { findListeners } from '../ports/index.js'
import type { HostPort } from '../ports/index.js'
import { deleteEndpoint } from '../state/index.js'
import { claimEndpoint, releaseClaims } from './claim.js'
import type { ClaimedEndpoint, EndpointRequest } from './claim.js'

/** Claims an endpoint with ports at which no program of the host listens. */
export async function claimWithPorts(
  engine: Engine,
  request: Omit<EndpointRequest, 'avoid'>
): Promise<ClaimedEndpoint> {
  for (let avoid: HostPort[] = []; ;) {
    const claimed = await engine.store.write((transaction) =>
      claimEndpoint(engine, transaction, { ...request, avoid })
    )
    const { endpoint } = claimed
    if (endpoint.ports.length === 0) return claimed
    let listeners: HostPort[]
    try {
      listeners = await findListeners(engine.host.namespace, endpoint.ports)
    } catch (error) {
      await unclaim(engine, endpoint)
      throw error
    }
    if (listeners.length === 0) return claimed
    // Claimed again, it gets other ports where it didn't ask for these, and is refused otherwise.
    await unclaim(engine, endpoint)
    avoid = [...avoid, ...listeners]
  }
}

/** Gives back what was claimed, and forgets the endpoint. */
export async function unclaim(engine: Engine, endpoint: EndpointRecord): Promise<void> {
  await engine.store.write((transaction) => {
    releaseClaims(engine, transaction, endpoint)
    deleteEndpoint(transaction, endpoint.id)
  })
}
