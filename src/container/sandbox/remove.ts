import { NetloomError } from '../../netlink/index.js'
import { disconnectEndpoint } from '../endpoint/disconnect.js'
import type { Engine } from '../engine/engine.js'
import { isAbandoned, workOn } from '../engine/under-way.js'
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

/** Removes a sandbox, with `force` from its networks first. */
export async function removeSandbox(engine: Engine, nameOrId: string, force: boolean): Promise<void> {
  const { id } = engine.store.read((transaction) => findSandbox(transaction, nameOrId))
  await engine.turns.take(id, async () => {
    if (force) await disconnectAll(engine, id)
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
  })
}

/** Disconnects a sandbox from all networks, in its turn. */
export async function disconnectAll(engine: Engine, sandboxId: string): Promise<void> {
  const endpoints = engine.store.read((transaction) => listEndpointsOfSandbox(transaction, sandboxId))
  for (const { id, phase } of endpoints) {
    if (phase !== 'gone') await disconnectEndpoint(engine, id)
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
