import { stat } from 'node:fs/promises'
import type { Inside } from '../drivers/driver.js'
import { setDefaultRoutes } from '../endpoint/default-route.js'
import { deleteRoutes } from '../endpoint/delete-routes.js'
import type { PlacedEndpoint } from '../endpoint/order.js'
import { setStaticRoutes } from '../endpoint/static-routes.js'
import { driverNamed } from '../engine/engine.js'
import type { Engine } from '../engine/engine.js'
import type { NetworkRecord } from '../model/network.js'
import type { SandboxRecord } from '../model/sandbox.js'
import { linkNames, neededNetworks } from '../network/needed.js'
import { removeSandbox } from '../sandbox/remove.js'
import {
  currentBoot,
  getEndpoint,
  getNetwork,
  getSandbox,
  listEndpointsOfSandbox,
  listSandboxes
} from '../state/index.js'
import { reconcileFirewall } from './firewall.js'
import { removeLeftovers } from './leftovers.js'
import { recoverAbandoned } from './recover.js'
import { Reconciliation } from './report.js'

/**
 * Makes the kernel and the store agree: finishes or undoes what was half done, drops sandboxes whose namespace is gone,
 * makes again what is missing of the others, and removes what nobody knows. What fails doesn't keep it from the rest.
 */
export async function reconcile(engine: Engine): Promise<Reconciliation> {
  const done = new Reconciliation()
  await recoverAbandoned(engine, done)
  const sandboxes = engine.store.read(listSandboxes).filter(({ phase }) => phase === 'ready')
  const gone = new Set<string>()
  await done.attemptEach(sandboxes, async (sandbox) => {
    if (await isThere(engine, sandbox)) return
    gone.add(sandbox.id)
    await removeGone(engine, sandbox, done)
  })
  const links = await linkNames(engine)
  const networks = engine.store.read((transaction) => neededNetworks(transaction, links))
  const ready = networks.filter(({ phase }) => phase === 'ready')
  await done.attemptEach(ready, (network) => adoptNetwork(engine, network, done))
  // The rules first: a driver adds to a table that is whole.
  await done.attempt(() => reconcileFirewall(engine, links, done))
  const alive = sandboxes.filter(({ id }) => !gone.has(id))
  await done.attemptEach(alive, (sandbox) => adoptSandbox(engine, sandbox, done))
  await done.attempt(() => removeLeftovers(engine, done))
  await done.attempt(() => engine.naming.restore())
  return done
}

async function adoptNetwork(engine: Engine, network: NetworkRecord, done: Reconciliation): Promise<void> {
  engine.presence.forget(network.id)
  await engine.presence.ensure(driverNamed(engine, network.driver), network)
  done.adopted.push({ object: 'network', id: network.id, name: network.name })
}

/** Whether the file of a sandbox's namespace still names it. */
async function isThere({ host }: Engine, sandbox: SandboxRecord): Promise<boolean> {
  if (sandbox.hostNamespace === true) return sandbox.namespaceInode === host.namespace.inode
  if (sandbox.bootId !== currentBoot()) return false
  try {
    return (await stat(sandbox.namespacePath)).ino === sandbox.namespaceInode
  } catch {
    return false
  }
}

/** Removes a sandbox whose namespace is gone, and gives back what its endpoints had. */
async function removeGone(engine: Engine, { id, name }: SandboxRecord, done: Reconciliation): Promise<void> {
  await engine.namespaces.forget(id)
  const endpoints = engine.store.read((transaction) => listEndpointsOfSandbox(transaction, id))
  await removeSandbox(engine, id, true)
  for (const endpoint of endpoints) {
    if (endpoint.phase !== 'gone') done.removed.push({ object: 'endpoint', id: endpoint.id })
  }
  done.removed.push({ object: 'sandbox', id, name })
}

/** Makes again what is missing of a sandbox: its endpoints, its routes and its files. */
async function adoptSandbox(engine: Engine, { id }: SandboxRecord, done: Reconciliation): Promise<void> {
  await engine.turns.take(id, async () => {
    const sandbox = engine.store.read((transaction) => getSandbox(transaction, id))
    if (sandbox?.phase !== 'ready') return
    await engine.namespaces.use(sandbox, async (inside) => {
      if (inside === undefined) return
      if (sandbox.hostNamespace !== true) await inside.stack.links.set('lo', { up: true })
      const endpoints = engine.store.read((transaction) => listEndpointsOfSandbox(transaction, id))
      for (const each of endpoints) {
        const [endpoint, network] = engine.store.read((transaction) => [
          getEndpoint(transaction, each.id),
          getNetwork(transaction, each.networkId)
        ])
        if (endpoint?.phase !== 'connected' || network === undefined) continue
        if (await adoptEndpoint(engine, inside, { network, endpoint }))
          done.adopted.push({ object: 'endpoint', id: endpoint.id })
      }
      await setDefaultRoutes(engine, id, inside, { strict: true })
      await engine.naming.ensure(id)
      done.adopted.push({ object: 'sandbox', id, name: sandbox.name })
    })
  })
}

/** Makes again what is missing of an endpoint. False if another process has disconnected it meanwhile. */
async function adoptEndpoint(engine: Engine, inside: Inside, placed: PlacedEndpoint): Promise<boolean> {
  const { endpoint } = placed
  const driver = driverNamed(engine, endpoint.driver)
  const isConnected = (): boolean =>
    engine.store.read((transaction) => getEndpoint(transaction, endpoint.id))?.phase === 'connected'
  try {
    await driver.ensureEndpoint(engine.host, inside, placed)
    await setStaticRoutes(inside, placed)
    if (isConnected()) return true
  } catch (error) {
    if (isConnected()) throw error
  }
  // The other process may have taken everything away before it was made again here: nobody else would do it.
  await driver.releaseEndpoint(engine.host, inside, placed)
  await driver.removeLinks(engine.host, [endpoint])
  await deleteRoutes(engine, inside, placed)
  return false
}
