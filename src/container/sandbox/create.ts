import { isInvalid } from '../../codec/index.js'
import { NetworkNamespace } from '../../namespace/index.js'
import { pathOf } from '../../namespace/names.js'
import { NetloomError } from '../../netlink/index.js'
import type { Engine } from '../engine/engine.js'
import { workOnNew } from '../engine/under-way.js'
import { hasCode } from '../errors/has-code.js'
import type { SandboxOptions, SandboxRecord } from '../model/sandbox.js'
import {
  currentBoot,
  currentProcess,
  deleteSandbox,
  listSandboxes,
  putSandbox,
  randomId,
  shortId
} from '../state/index.js'
import type { ReadTransaction } from '../state/index.js'
import { checkSandboxOptions } from './options.js'
import { prepareNamespace } from './prepare.js'

/** Makes a sandbox, with a namespace of its own or in one that was there. */
export async function createSandbox(engine: Engine, options: SandboxOptions): Promise<SandboxRecord> {
  checkSandboxOptions(options)
  const brought = await openBrought(engine, options)
  const id = randomId()
  return workOnNew(id, async () => {
    const sandbox = sandboxRecord(engine, id, options, brought)
    try {
      await engine.store.write((transaction) => {
        refuseShared(transaction, sandbox)
        putSandbox(transaction, sandbox)
      })
    } catch (error) {
      await brought?.close()
      throw error
    }
    try {
      const namespaceInode = await makeNamespace(engine, sandbox, options, brought)
      await engine.naming.ensure(id)
      const { owner: _, ...rest } = sandbox
      const ready: SandboxRecord = { ...rest, namespaceInode, phase: 'ready' }
      await engine.store.write((transaction) => putSandbox(transaction, ready))
      return ready
    } catch (error) {
      // What can't be taken back now is left to `reconcile`; the caller is told what went wrong first.
      await dropSandbox(engine, sandbox).catch(() => undefined)
      throw error
    }
  })
}

/** Takes away what there is of a sandbox without endpoints, and then what is known of it. */
export async function dropSandbox(engine: Engine, sandbox: SandboxRecord): Promise<void> {
  await engine.naming.removeSandbox(sandbox)
  await engine.namespaces.forget(sandbox.id)
  if (sandbox.ownNamespace) await unpin(sandbox)
  await engine.store.write((transaction) => deleteSandbox(transaction, sandbox.id))
}

/** The name in `/run/netns` of a sandbox's own namespace. */
export function namespaceName(id: string): string {
  return `netloom-${shortId(id)}`
}

function sandboxRecord(
  engine: Engine,
  id: string,
  options: SandboxOptions,
  brought: NetworkNamespace | undefined
): SandboxRecord {
  const namespace = options.hostNamespace === true ? engine.host.namespace : brought
  return {
    ...{ id, name: options.name ?? shortId(id), hostname: options.hostname ?? shortId(id) },
    ...{ domainName: options.domainName, created: Date.now() },
    namespacePath: namespace?.path ?? pathOf(namespaceName(id)),
    ownNamespace: namespace === undefined,
    hostNamespace: options.hostNamespace ?? false,
    namespaceInode: namespace?.inode,
    ...{ bootId: currentBoot(), dns: options.dns ?? {}, extraHosts: options.extraHosts ?? [] },
    ...{ sysctls: options.sysctls ?? {}, labels: options.labels ?? {} },
    ...{ phase: 'creating', owner: currentProcess() }
  }
}

async function openBrought(
  { host }: Engine,
  { namespace: reference }: SandboxOptions
): Promise<NetworkNamespace | undefined> {
  if (reference === undefined) return undefined
  let namespace: NetworkNamespace
  try {
    namespace = await NetworkNamespace.open(reference)
  } catch (error) {
    throw isInvalid(error) ? error.within('namespace') : error
  }
  if (!namespace.equals(host.namespace)) return namespace
  await namespace.close()
  throw new NetloomError(
    'ERR_NETWORK_MODE',
    "this is the host's own namespace: use hostNamespace, and the network host"
  )
}

/** Interfaces of two sandboxes in one namespace would be in each other's way. */
function refuseShared(transaction: ReadTransaction, sandbox: SandboxRecord): void {
  const { namespaceInode: inode, hostNamespace } = sandbox
  if (inode === undefined || hostNamespace === true) return
  const other = listSandboxes(transaction).find(
    ({ namespaceInode, bootId }) => namespaceInode === inode && bootId === sandbox.bootId
  )
  if (other === undefined) return
  throw new NetloomError('ERR_SANDBOX_EXISTS', `the sandbox ${other.name} is in this namespace already`)
}

/** Makes the namespace, unless it is there, and prepares it. Resolves to its inode. */
async function makeNamespace(
  engine: Engine,
  sandbox: SandboxRecord,
  { namespace: reference }: SandboxOptions,
  brought: NetworkNamespace | undefined
): Promise<number> {
  if (sandbox.hostNamespace === true) return engine.host.namespace.inode
  const namespace = brought ?? (await NetworkNamespace.create(namespaceName(sandbox.id)))
  const { inode } = namespace
  // A descriptor is of this process alone, and may be closed by whoever gave it.
  const pinned = typeof reference === 'object' && 'fd' in reference
  await engine.namespaces.adopt(sandbox.id, namespace, pinned)
  await engine.namespaces.use(sandbox, (inside) => prepareNamespace(inside!, sandbox, engine.host.mark))
  return inode
}

async function unpin({ id }: SandboxRecord): Promise<void> {
  try {
    await NetworkNamespace.remove(namespaceName(id))
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
  }
}
