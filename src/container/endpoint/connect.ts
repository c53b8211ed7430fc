import type { EndpointFacts, Inside, NetworkDriver } from '../drivers/driver.js'
import { join } from '../errors/join.js'
import { driverNamed } from '../engine/engine.js'
import type { Engine } from '../engine/engine.js'
import { workOnNew } from '../engine/under-way.js'
import { NetloomError } from '../../netlink/index.js'
import type { EndpointOptions, EndpointRecord } from '../model/endpoint.js'
import type { SandboxRecord } from '../model/sandbox.js'
import { currentProcess, getEndpoint, putEndpoint, randomId } from '../state/index.js'
import { requireSandbox } from './claim.js'
import type { ClaimedEndpoint } from './claim.js'
import { claimWithPorts, unclaim } from './claim-ports.js'
import { setDefaultRoutes } from './default-route.js'
import { deleteRoutes } from './delete-routes.js'
import { checkEndpointOptions } from './options.js'
import type { PlacedEndpoint } from './order.js'
import { setStaticRoutes } from './static-routes.js'

/** Connects a sandbox to a network. */
export async function connectSandbox(
  engine: Engine,
  sandboxId: string,
  network: string,
  given: EndpointOptions
): Promise<PlacedEndpoint> {
  const options = checkEndpointOptions(given)
  return engine.turns.take(sandboxId, async () => {
    const sandbox = engine.store.read((transaction) => requireSandbox(transaction, sandboxId))
    return engine.namespaces.use(sandbox, async (inside) => {
      if (inside === undefined) throw goneError(sandbox)
      const foreignInterfaces = await interfacesOf(sandbox, inside)
      const id = randomId()
      return workOnNew(id, async () => {
        const request = { id, sandboxId, network, options, foreignInterfaces }
        return makeEndpoint(engine, inside, await claimWithPorts(engine, request))
      })
    })
  })
}

/** Makes what there is of an endpoint in the kernel, and then says that it is there. Takes everything back if that fails. */
async function makeEndpoint(
  engine: Engine,
  inside: Inside,
  claimed: ClaimedEndpoint
): Promise<PlacedEndpoint> {
  const { endpoint, network, sandbox } = claimed
  const driver = driverNamed(engine, endpoint.driver)
  const self = endpoint.id
  let routed: Promise<string> | undefined
  const route = (index?: number): Promise<string> => (routed ??= setRoutes(engine, inside, claimed, index))
  try {
    const linked = linkEndpoint(engine, driver, inside, claimed, route)
    await join([linked, engine.naming.refresh(sandbox.id)])
    const made = await linked
    const seen = await route(made.interfaceIndex)
    const { owner: _, ...rest } = endpoint
    const connected: EndpointRecord = {
      ...rest,
      macAddress: made.macAddress ?? endpoint.macAddress,
      hostInterfaceName: made.hostInterfaceName,
      phase: 'connected'
    }
    await engine.store.write((transaction) => putEndpoint(transaction, connected))
    await setDefaultRoutes(engine, sandbox.id, inside, { self, seen })
    return { network, endpoint: connected }
  } catch (error) {
    // Perhaps somebody took the network's objects away.
    engine.presence.forget(network.id)
    // What can't be taken back now is left to `reconcile`; the caller is told what went wrong first.
    await undoEndpoint(engine, inside, claimed).catch(() => undefined)
    throw error
  }
}

async function linkEndpoint(
  engine: Engine,
  driver: NetworkDriver,
  inside: Inside,
  { network, endpoint }: ClaimedEndpoint,
  route: (index: number) => Promise<unknown>
): Promise<EndpointFacts> {
  await engine.presence.ensure(driver, network)
  return driver.ensureEndpoint(engine.host, inside, { network, endpoint }, route)
}

/** Sets the routes by an endpoint's link. Resolves to what the default routes were chosen from. */
async function setRoutes(
  engine: Engine,
  inside: Inside,
  claimed: ClaimedEndpoint,
  index: number | undefined
): Promise<string> {
  await setStaticRoutes(inside, claimed)
  const self = claimed.endpoint.id
  return setDefaultRoutes(engine, claimed.sandbox.id, inside, { self, index, throughSelf: true })
}

/** Takes back an endpoint that did not come to be. */
export async function undoEndpoint(
  engine: Engine,
  inside: Inside | undefined,
  { network, endpoint }: PlacedEndpoint
): Promise<void> {
  const driver = driverNamed(engine, endpoint.driver)
  // Nobody is to set a route by what is being taken away.
  await engine.store.write((transaction) => {
    if (getEndpoint(transaction, endpoint.id)?.phase !== 'connected') return
    putEndpoint(transaction, { ...endpoint, phase: 'disconnecting', owner: currentProcess() })
  })
  await driver.releaseEndpoint(engine.host, inside, { network, endpoint })
  await driver.removeLinks(engine.host, [endpoint])
  // The default route of another endpoint may have made way for one through this one.
  if (inside !== undefined) {
    await deleteRoutes(engine, inside, { network, endpoint })
    await setDefaultRoutes(engine, endpoint.sandboxId, inside)
  }
  await unclaim(engine, endpoint)
  await engine.naming.refresh(endpoint.sandboxId)
}

export function goneError({ name, namespacePath }: SandboxRecord): NetloomError {
  return new NetloomError(
    'ERR_SANDBOX_GONE',
    `the namespace of the sandbox ${name}, ${namespacePath}, is gone`
  )
}

/** In a namespace of its own there is nothing but what it was given. */
async function interfacesOf(
  { ownNamespace, hostNamespace }: SandboxRecord,
  { stack }: Inside
): Promise<string[]> {
  if (ownNamespace || hostNamespace === true) return []
  return (await stack.links.list()).flatMap(({ name, alternativeNames }) =>
    [name ?? [], alternativeNames].flat()
  )
}
