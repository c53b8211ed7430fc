import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { NetworkNamespace } from '../../namespace/index.js'
import { NetworkStack } from '../../network-stack.js'
import { drivers } from '../drivers/index.js'
import type { Host } from '../drivers/driver.js'
import { NftablesFirewall } from '../firewall/index.js'
import type { EarlierValues } from '../firewall/index.js'
import { DefaultAddressManager } from '../ipam/index.js'
import type { AddressManager } from '../ipam/index.js'
import { Naming } from '../naming/naming.js'
import { PortAllocator, localPortRange } from '../ports/index.js'
import { LmdbStore, MemoryStore, keys } from '../state/index.js'
import type { Store } from '../state/index.js'
import { Calls } from './calls.js'
import type { Engine } from './engine.js'
import { LinkDeletions } from './link-deletions.js'
import { markOfDirectory, markOfProcess } from './mark.js'
import type { Mark } from './mark.js'
import { makeMemoryFolder, removeDeadFolders } from './memory-folder.js'
import { NetworkPresence } from './network-presence.js'
import { byName } from './options.js'
import type { ContainerNetworksOptions } from './options.js'
import { SandboxNamespaces } from './sandbox-namespaces.js'
import { Turns } from './turns.js'

/** An engine, and what belongs to it alone. */
export interface OpenedEngine {
  readonly engine: Engine
  /** Its state lives in memory: nothing of it is to be left. */
  readonly inMemory: boolean
  /** Lets go of everything, from the last that was opened to the first; rejects with the first failure, at the end. */
  release(): Promise<void>
}

/** Opens everything that `ContainerNetworks` works with. If that fails, nothing stays open. */
export async function openEngine(options: ContainerNetworksOptions): Promise<OpenedEngine> {
  const managers: AddressManager[] = [new DefaultAddressManager({ pools: options.defaultPools })]
  const named = {
    drivers: byName(drivers, options.drivers, 'drivers'),
    addressManagers: byName(managers, options.addressManagers, 'addressManagers')
  }
  const cleanups: (() => Promise<void>)[] = []
  const release = async (): Promise<void> => {
    let failure: { readonly error: unknown } | undefined
    for (let cleanup = cleanups.pop(); cleanup !== undefined; cleanup = cleanups.pop()) {
      await cleanup().catch((error: unknown) => (failure ??= { error }))
    }
    if (failure !== undefined) throw failure.error
  }
  const owned = <T extends { close(): Promise<void> }>(resource: T): T => {
    cleanups.push(() => resource.close())
    return resource
  }
  try {
    const { stateDirectory, nameService = true } = options
    const store: Store = owned(
      stateDirectory === undefined ? new MemoryStore() : await LmdbStore.open(stateDirectory)
    )
    const namespace = options.host ?? owned(await NetworkNamespace.current())
    const stack = owned(await NetworkStack.open({ namespace }))
    const mark = await markOf(store, stateDirectory !== undefined)
    const firewall = new NftablesFirewall({ stack, namespace }, { table: mark.table })
    const changed = (earlier: EarlierValues): Promise<void> => remember(store, earlier)
    const host: Host = { stack, namespace, firewall, mark: mark.alias, changed }
    const namespaces = owned(new SandboxNamespaces(host))
    // What can't be tidied up is no reason not to open.
    await removeDeadFolders().catch(() => undefined)
    const directory =
      stateDirectory === undefined ? await makeMemoryFolder() : join(resolve(stateDirectory), 'sandboxes')
    if (stateDirectory === undefined) cleanups.push(() => rm(directory, { recursive: true, force: true }))
    const engine: Engine = {
      ...{ store, host, ...named, namespaces, calls: new Calls(), turns: new Turns() },
      ports: new PortAllocator(await localPortRange(namespace)),
      presence: new NetworkPresence(host),
      naming: owned(new Naming({ store, host: namespace, namespaces, directory, serves: nameService })),
      deletions: new LinkDeletions(store, host)
    }
    return { engine, inMemory: stateDirectory === undefined, release }
  } catch (error) {
    // The caller gets the first error, whatever becomes of this.
    await release().catch(() => undefined)
    throw error
  }
}

/**
 * Remembers the parameters of the host that were changed, with the values that they had first. They are never put back,
 * since others may count on them by then.
 */
async function remember(store: Store, earlier: EarlierValues): Promise<void> {
  await store.write((transaction) => {
    const first = transaction.get<EarlierValues>(keys.earlierValues)
    transaction.put(keys.earlierValues, { ...earlier, ...first })
  })
}

async function markOf(store: Store, isDirectory: boolean): Promise<Mark> {
  const made = randomBytes(6).toString('hex')
  if (!isDirectory) return markOfProcess(made)
  const known = store.read((transaction) => transaction.get<string>(keys.instance))
  if (known !== undefined) return markOfDirectory(known)
  const digits = await store.write((transaction) => {
    const other = transaction.get<string>(keys.instance)
    if (other === undefined) transaction.put(keys.instance, made)
    return other ?? made
  })
  return markOfDirectory(digits)
}
