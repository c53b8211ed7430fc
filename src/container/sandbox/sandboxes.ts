import { refuseOtherKeys, requireObject } from '../../codec/index.js'
import { checkBoolean } from '../../namespace/options.js'
import type { Engine } from '../engine/engine.js'
import type { SandboxOptions } from '../model/sandbox.js'
import { afterRecovery } from '../reconcile/recover.js'
import { findSandbox, listSandboxes } from '../state/index.js'
import type { ReadTransaction } from '../state/index.js'
import { createSandbox } from './create.js'
import { removeSandbox } from './remove.js'
import { Sandbox } from './sandbox.js'

/** The sandboxes that there are. */
export class Sandboxes {
  readonly #engine: Engine

  /** @internal Use `ContainerNetworks.sandboxes`. */
  constructor(engine: Engine) {
    this.#engine = engine
  }

  /**
   * Makes a sandbox, connected to no network, with its loopback link up.
   *
   * Rejects with a `TypeError` or `RangeError` that has the path of the option, `ERR_SANDBOX_EXISTS` if the name is
   * taken, or the namespace another sandbox's, `ERR_NETWORK_MODE` for the host's own namespace without `hostNamespace`,
   * `ERR_NAME_SERVICE`, and what making or opening the namespace, or setting a parameter, reports. Nothing is left behind
   * then.
   */
  async create(options: SandboxOptions = {}): Promise<Sandbox> {
    return this.#engine.calls.run(async () => {
      const record = await afterRecovery(this.#engine, () => createSandbox(this.#engine, options))
      return new Sandbox(this.#engine, record)
    })
  }

  /**
   * Finds a sandbox by its name, or by its id or at least three digits with which that begins; a name goes first.
   * Rejects with `ERR_SANDBOX_NOT_FOUND` or `ERR_AMBIGUOUS_ID`.
   */
  async get(nameOrId: string): Promise<Sandbox> {
    return this.#read((transaction) => new Sandbox(this.#engine, findSandbox(transaction, nameOrId)))
  }

  /** All sandboxes, by name. One that is just being made, or removed, is not among them. */
  async list(): Promise<Sandbox[]> {
    return this.#read((transaction) =>
      listSandboxes(transaction)
        .filter(({ phase }) => phase === 'ready')
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map((record) => new Sandbox(this.#engine, record))
    )
  }

  /**
   * Removes a sandbox, found as by `get`, with the namespace that was made for it; one that was brought stays. Rejects with
   * `ERR_SANDBOX_NOT_FOUND`, `ERR_AMBIGUOUS_ID`, and `ERR_SANDBOX_IN_USE` while it is connected, unless `force` disconnects it first. Processes that still run in it keep
   * the namespace, which then is connected to nothing.
   */
  async remove(nameOrId: string, options: { readonly force?: boolean | undefined } = {}): Promise<void> {
    requireObject(options, 'an object such as { force: true }')
    refuseOtherKeys(options, ['force'])
    checkBoolean(options.force, 'force')
    await this.#engine.calls.run(() => removeSandbox(this.#engine, nameOrId, options.force === true))
  }

  async #read<T>(body: (transaction: ReadTransaction) => T): Promise<T> {
    return this.#engine.calls.run(() => this.#engine.store.read(body))
  }
}
