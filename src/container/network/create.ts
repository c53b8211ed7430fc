import type { NetworkDriver } from '../drivers/driver.js'
import { addressManagerNamed } from '../engine/engine.js'
import type { Engine } from '../engine/engine.js'
import { workOnNew } from '../engine/under-way.js'
import type { NetworkOptions, NetworkRecord } from '../model/network.js'
import { deleteNetwork, listNetworks, putNetwork } from '../state/index.js'
import { claimNetwork, planNetwork } from './plan.js'

/** Makes a network, in the store and in the kernel. */
export async function createNetwork(engine: Engine, options: NetworkOptions): Promise<NetworkRecord> {
  const plan = await planNetwork(engine, options)
  const { driver } = plan
  return workOnNew(plan.id, async () => {
    const network = await claimNetwork(engine, plan, 'creating')
    try {
      await engine.presence.ensure(driver, network)
      const { owner: _, ...rest } = network
      const ready: NetworkRecord = { ...rest, phase: 'ready' }
      await engine.store.write((transaction) => putNetwork(transaction, ready))
      return ready
    } catch (error) {
      // What can't be taken back now is left to `reconcile`; the caller is told what went wrong first.
      await dropNetwork(engine, driver, network).catch(() => undefined)
      throw error
    }
  })
}

/** Takes away what there is of a network in the kernel, and then what is known of it. */
export async function dropNetwork(
  engine: Engine,
  driver: NetworkDriver,
  network: NetworkRecord
): Promise<void> {
  engine.presence.forget(network.id)
  const others = engine.store
    .read(listNetworks)
    .filter(({ id, driver: name }) => name === driver.name && id !== network.id)
  await driver.removeNetwork(engine.host, network, others)
  await engine.store.write((transaction) => {
    addressManagerNamed(engine, network.addressManager).releaseNetwork(transaction, network.id)
    deleteNetwork(transaction, network.id)
  })
}
