import type { Engine } from '../engine/engine.js'
import { listNetworks } from '../state/index.js'
import { claimNetwork, planNetwork } from './plan.js'
import { predefinedNames } from './predefined-names.js'

/** Sees to it that the predefined networks are known. In the kernel they are made when they are needed. */
export async function ensurePredefined(engine: Engine): Promise<void> {
  for (const name of predefinedNames) {
    if (isKnown(engine, name)) continue
    try {
      await claimNetwork(engine, await planNetwork(engine, { name, driver: name }), 'ready')
    } catch (error) {
      // Another process may have been faster.
      if (!isKnown(engine, name)) throw error
    }
  }
}

function isKnown({ store }: Engine, name: string): boolean {
  return store.read(listNetworks).some((network) => network.name === name)
}
