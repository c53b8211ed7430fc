import { perform } from '../namespace/call.js'
import { driverNamed } from './engine/engine.js'
import type { Engine } from './engine/engine.js'
import { openEngine } from './engine/open.js'
import type { OpenedEngine } from './engine/open.js'
import { checkOpenOptions } from './engine/options.js'
import type { ContainerNetworksOptions } from './engine/options.js'
import { dropNetwork } from './network/create.js'
import { Networks } from './network/networks.js'
import { ensurePredefined } from './network/predefined.js'
import { reconcile } from './reconcile/reconcile.js'
import { recoverAbandoned } from './reconcile/recover.js'
import type { ReconcileReport } from './reconcile/report.js'
import { removeSandbox } from './sandbox/remove.js'
import { Sandboxes } from './sandbox/sandboxes.js'
import { currentBoot, getSandbox, keys, listNetworks, listSandboxes } from './state/index.js'

/**
 * Container networks after Docker's Container Network Model: sandboxes, which are isolated network stacks, are connected
 * to networks by endpoints.
 *
 * All that is done is written down before the kernel is touched. A process that dies in the middle leaves nothing half
 * done: the next one that opens the state directory, or is in the way of it, finishes or undoes it. Several processes of
 * one PID namespace can use a state directory at the same time.
 */
export class ContainerNetworks {
  readonly networks: Networks
  readonly sandboxes: Sandboxes
  readonly #engine: Engine
  readonly #opened: OpenedEngine
  readonly #stopListening: () => void
  #closing: Promise<void> | undefined

  private constructor(opened: OpenedEngine) {
    const { engine } = (this.#opened = opened)
    this.#engine = engine
    this.networks = new Networks(engine)
    this.sandboxes = new Sandboxes(engine)
    this.#stopListening = engine.store.onChange(() => {
      // What can't be closed now is closed with the rest.
      forgetRemoved(engine).catch(() => undefined)
    })
  }

  /**
   * Opens container networks. The networks `bridge`, `host` and `none` are there from the start; in the kernel, they are
   * made when they are first used. What processes that are dead have left half done is finished or undone, and after a
   * reboot everything is reconciled.
   *
   * Rejects with a `TypeError` or `RangeError` that has the path of the option, and with `ERR_STATE_DIRECTORY`.
   */
  static async open(options: ContainerNetworksOptions = {}): Promise<ContainerNetworks> {
    checkOpenOptions(options)
    const { stateDirectory, signal, timeout } = options
    return perform({
      request: { method: 'ContainerNetworks.open', input: stateDirectory },
      options: { signal, timeout },
      start: () => ContainerNetworks.#open(options),
      discard: (late) => void late.close().catch(() => undefined)
    })
  }

  static async #open(options: ContainerNetworksOptions): Promise<ContainerNetworks> {
    const opened = await openEngine(options)
    try {
      const { engine } = opened
      await ensurePredefined(engine)
      await catchUp(engine)
      await engine.naming.start()
      return new ContainerNetworks(opened)
    } catch (error) {
      // The caller gets the first error, whatever becomes of this.
      await opened.release().catch(() => undefined)
      throw error
    }
  }

  /**
   * Makes the kernel and what is remembered agree: finishes or undoes what was half done by processes that are dead,
   * removes sandboxes whose namespaces are gone, makes again what is missing of networks, endpoints, rules and DNS, and
   * removes what bears the mark of this state directory and isn't known.
   *
   * What fails doesn't keep it from the rest; then it rejects with the failure, or an `AggregateError` of several.
   */
  async reconcile(): Promise<ReconcileReport> {
    const done = await this.#engine.calls.run(() => reconcile(this.#engine))
    if (done.failures.length === 1) throw done.failures[0]
    if (done.failures.length > 1) throw new AggregateError(done.failures, describe(done.failures))
    return done.report()
  }

  /**
   * Resolves once the links of endpoints that were disconnected are deleted, which happens in the background. Rejects with
   * what failed; `reconcile` deletes these links.
   */
  async settled(): Promise<void> {
    await this.#engine.calls.run(() => this.#engine.deletions.settle())
  }

  /**
   * Waits for what is under way, ends what is done in the background, and lets go of everything; DNS is handed over to
   * another process. What a state directory remembers stays in place; what lives in memory is removed. Every later call
   * rejects with `ERR_CLOSED`, but closing can be repeated.
   */
  close(): Promise<void> {
    return (this.#closing ??= this.#close())
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    const { inMemory, release } = this.#opened
    const { calls, deletions } = this.#engine
    this.#stopListening()
    try {
      await calls.close()
      if (inMemory) await removeAll(this.#engine)
      await deletions.settle()
    } finally {
      await release()
    }
  }
}

/** Does what was left undone. What can't be done now is no reason not to open: `reconcile` tells of it. */
async function catchUp(engine: Engine): Promise<void> {
  const boot = engine.store.read((transaction) => transaction.get<string>(keys.boot))
  if (boot === currentBoot()) {
    await recoverAbandoned(engine)
    return
  }
  if (boot !== undefined) await reconcile(engine)
  await engine.store.write((transaction) => transaction.put(keys.boot, currentBoot()))
}

/** Lets go of the namespaces of sandboxes that another process has removed: nothing else may hold them. */
async function forgetRemoved({ store, namespaces }: Engine): Promise<void> {
  for (const id of namespaces.ids) {
    if (store.read((transaction) => getSandbox(transaction, id)) === undefined) await namespaces.forget(id)
  }
}

/** Removes all sandboxes and networks, at once, since nobody else knows of them. */
async function removeAll(engine: Engine): Promise<void> {
  const sandboxes = engine.store.read(listSandboxes)
  const results = await Promise.allSettled(sandboxes.map(({ id }) => removeSandbox(engine, id, true)))
  for (const network of engine.store.read(listNetworks)) {
    if (!engine.presence.has(network.id)) continue
    results.push(
      ...(await Promise.allSettled([dropNetwork(engine, driverNamed(engine, network.driver), network)]))
    )
  }
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

function describe(failures: readonly unknown[]): string {
  return failures.map((failure) => (failure instanceof Error ? failure.message : String(failure))).join('; ')
}
