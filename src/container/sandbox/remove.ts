import { setTimeout as delay } from 'node:timers/promises'
import { NetloomError } from '../../netlink/index.js'
import { disconnectEndpoint } from '../endpoint/disconnect.js'
import type { Engine } from '../engine/engine.js'
import { isAbandoned, workOn } from '../engine/under-way.js'
import { hasCode } from '../errors/has-code.js'
import type { SandboxRecord } from '../model/sandbox.js'
import {
  currentProcess,
  findSandbox,
  getNetwork,
  getSandbox,
  listEndpointsOfSandbox,
  putSandbox
} from '../state/index.js'
import type { ReadTransaction } from '../state/index.js'
import { dropSandbox } from './create.js'

/** How often another process may be found disconnecting the sandbox, and the milliseconds between. */
const attempts = 100
const pause = 20

/** Removes a sandbox, with `force` from its networks first. */
export async function removeSandbox(engine: Engine, nameOrId: string, force: boolean): Promise<void> {
  const { id } = engine.store.read((transaction) => findSandbox(transaction, nameOrId))
  await engine.turns.take(id, async () => {
    for (let attempt = 1; ; attempt++) {
      if (force) await disconnectAll(engine, id)
      try {
        await removeDisconnected(engine, id, nameOrId)
        return
      } catch (error) {
        const inUse = hasCode(error, 'ERR_SANDBOX_IN_USE')
        if (!inUse || !force || attempt === attempts) throw error
        // Another process has connected it since, or is not done yet with disconnecting it.
        await delay(pause)
      }
    }
  })
}

async function removeDisconnected(engine: Engine, id: string, nameOrId: string): Promise<void> {
  await workOn(
    engine.store,
    (transaction) => {
      // Removed meanwhile, it is not found.
      const sandbox = getSandbox(transaction, id) ?? findSandbox(transaction, nameOrId)
      refuseRemoval(transaction, sandbox)
      const removing: SandboxRecord = { ...sandbox, phase: 'removing', owner: currentProcess() }
      putSandbox(transaction, removing)
      return removing
    },
    (sandbox) => dropSandbox(engine, sandbox)
  )
}

/** Disconnects a sandbox, in its turn, from all networks from which no other process just does. */
async function disconnectAll(engine: Engine, sandboxId: string): Promise<void> {
  const endpoints = engine.store.read((transaction) => listEndpointsOfSandbox(transaction, sandboxId))
  for (const { id, phase } of endpoints) {
    if (phase === 'gone') continue
    try {
      await disconnectEndpoint(engine, id)
    } catch (error) {
      if (!hasCode(error, 'ERR_ENDPOINT_NOT_FOUND')) throw error
    }
  }
}

function refuseRemoval(transaction: ReadTransaction, sandbox: SandboxRecord): void {
  const { id, name, phase } = sandbox
  if (phase !== 'ready' && !isAbandoned(sandbox)) {
    const doing = phase === 'creating' ? 'being made' : 'being removed already'
    throw new NetloomError('ERR_SANDBOX_NOT_FOUND', `the sandbox ${name} is ${doing}`)
  }
  const networks = listEndpointsOfSandbox(transaction, id)
    .filter((endpoint) => endpoint.phase !== 'gone')
    .map(({ networkId }) => getNetwork(transaction, networkId)?.name ?? networkId)
  if (networks.length === 0) return
  const reason = `the sandbox ${name} is still connected to ${networks.join(', ')}`
  throw new NetloomError('ERR_SANDBOX_IN_USE', reason)
}
