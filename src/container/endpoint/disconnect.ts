import { NetloomError } from '../../netlink/index.js'
import type { Inside } from '../drivers/driver.js'
import { driverNamed } from '../engine/engine.js'
import type { Engine } from '../engine/engine.js'
import { deleteLinks } from '../engine/link-deletions.js'
import { isAbandoned, workOn } from '../engine/under-way.js'
import type { EndpointRecord } from '../model/endpoint.js'
import type { NetworkRecord } from '../model/network.js'
import {
  currentProcess,
  deleteEndpoint,
  findEndpoint,
  findNetwork,
  getEndpoint,
  getNetwork,
  getSandbox,
  putEndpoint
} from '../state/index.js'
import type { ReadTransaction } from '../state/index.js'
import { releaseClaims, requireSandbox } from './claim.js'
import { setDefaultRoutes } from './default-route.js'
import { deleteRoutes } from './delete-routes.js'
import type { PlacedEndpoint } from './order.js'

/** Disconnects a sandbox from a network. Resolves once all that the endpoint has taken is free again. */
export async function disconnectSandbox(engine: Engine, sandboxId: string, network: string): Promise<void> {
  await engine.turns.take(sandboxId, async () => {
    const { id } = engine.store.read((transaction) => {
      requireSandbox(transaction, sandboxId)
      return findEndpoint(transaction, findNetwork(transaction, network).id, sandboxId)
    })
    await disconnectEndpoint(engine, id)
  })
}

/** Disconnects an endpoint, in the turn of its sandbox. It may be half made, or half taken away, by a process that is dead. */
export async function disconnectEndpoint(engine: Engine, id: string): Promise<void> {
  await workOn(
    engine.store,
    (transaction) => {
      const found = requireEndpoint(transaction, id)
      const endpoint: EndpointRecord = { ...found, phase: 'disconnecting', owner: currentProcess() }
      putEndpoint(transaction, endpoint)
      return endpoint
    },
    async (endpoint) => {
      const [network, sandbox] = engine.store.read((transaction) => [
        getNetwork(transaction, endpoint.networkId),
        getSandbox(transaction, endpoint.sandboxId)
      ])
      if (network === undefined || sandbox === undefined) return forgetEndpoint(engine, endpoint)
      await engine.namespaces.use(sandbox, (inside) => releaseEndpoint(engine, inside, { network, endpoint }))
    }
  )
}

/** Takes away what there is of an endpoint that is being disconnected. Its link is deleted later. */
export async function releaseEndpoint(
  engine: Engine,
  inside: Inside | undefined,
  { network, endpoint }: PlacedEndpoint
): Promise<void> {
  const { sandboxId } = endpoint
  const driver = driverNamed(engine, endpoint.driver)
  const [released, renamed] = await Promise.allSettled([
    driver.releaseEndpoint(engine.host, inside, { network, endpoint }),
    engine.naming.refresh(sandboxId)
  ])
  if (released.status === 'rejected') throw released.reason
  if (inside !== undefined) await deleteRoutes(engine, inside, { network, endpoint })
  if (inside !== undefined && gaveRoute(engine, network, endpoint)) {
    await setDefaultRoutes(engine, sandboxId, inside)
  }
  const gone: EndpointRecord = { ...endpoint, phase: 'gone' }
  await engine.store.write((transaction) => {
    releaseClaims(engine, transaction, endpoint)
    if (endpoint.interfaceName === undefined) deleteEndpoint(transaction, endpoint.id)
    else putEndpoint(transaction, gone)
  })
  if (endpoint.interfaceName !== undefined) engine.deletions.add(driver, gone)
  if (renamed.status === 'rejected') throw renamed.reason
}

/** Of an endpoint whose network or sandbox isn't known any more, the link is all that can be found. */
async function forgetEndpoint(engine: Engine, endpoint: EndpointRecord): Promise<void> {
  await engine.store.write((transaction) => releaseClaims(engine, transaction, endpoint))
  await deleteLinks(engine.store, engine.host, driverNamed(engine, endpoint.driver), [endpoint])
}

/** Whether a default route may have led through this endpoint. */
function gaveRoute(engine: Engine, network: NetworkRecord, endpoint: EndpointRecord): boolean {
  return (
    !network.internal && driverNamed(engine, network.driver).defaultRoutes({ network, endpoint }).length > 0
  )
}

/** An endpoint that nobody else is at work on. */
function requireEndpoint(transaction: ReadTransaction, id: string): EndpointRecord {
  const endpoint = getEndpoint(transaction, id)
  if (endpoint === undefined || endpoint.phase === 'gone') {
    throw new NetloomError('ERR_ENDPOINT_NOT_FOUND', `the endpoint ${id} is disconnected already`)
  }
  if (endpoint.phase !== 'connected' && !isAbandoned(endpoint)) {
    const doing = endpoint.phase === 'connecting' ? 'being connected' : 'being disconnected already'
    throw new NetloomError('ERR_ENDPOINT_NOT_FOUND', `the endpoint ${id} is ${doing}`)
  }
  return endpoint
}
