import type { CallOptions, NetlinkConnection } from '../../../netlink/index.js'
import { applyMany } from '../../../netlink/bulk/index.js'
import type { BulkOptions, BulkResult, Inputs } from '../../../netlink/bulk/index.js'
import { vlanDump } from './dump.js'
import type { BridgeVlanFilter } from './dump.js'
import { bridgeVlanOperations } from './operations.js'
import type { BridgeVlan, BridgeVlanChange, BridgeVlanKey, BridgeVlanSpec } from './vlan.js'

/** The VLANs of bridges and their ports (`bridge vlan`). They matter on a bridge that filters VLANs. */
export class BridgeVlans {
  readonly #connection: NetlinkConnection

  constructor(connection: NetlinkConnection) {
    this.#connection = connection
  }

  /**
   * Adds VLANs to a port, or to a bridge itself. What is there already gets the new flags. Throws `EINVAL`
   * if the link is neither a bridge nor a port of one.
   */
  async add(vlans: BridgeVlanSpec, options?: CallOptions): Promise<void> {
    return this.#connection.run(bridgeVlanOperations.add(this.#connection, vlans), options)
  }

  /** Changes the options of VLANs. Throws `ENOENT` if the link isn't in them. */
  async set(vlans: BridgeVlanChange, options?: CallOptions): Promise<void> {
    return this.#connection.run(bridgeVlanOperations.set(this.#connection, vlans), options)
  }

  /** Takes VLANs from a port or a bridge. */
  async delete(vlans: BridgeVlanKey, options?: CallOptions): Promise<void> {
    return this.#connection.run(bridgeVlanOperations.delete(this.#connection, vlans), options)
  }

  /** The VLANs that match, one by one, by link and number. */
  async list(filter: BridgeVlanFilter = {}, options?: CallOptions): Promise<BridgeVlan[]> {
    return (await this.#connection.list(vlanDump(this.#connection, filter), options)).flat()
  }

  /** As `list`, one by one as the kernel gives them, over a socket of its own. */
  async *iterate(
    filter: BridgeVlanFilter = {},
    options?: CallOptions
  ): AsyncGenerator<BridgeVlan, void, undefined> {
    const dump = vlanDump(this.#connection, filter, 'bridge.vlans.iterate')
    for await (const vlans of this.#connection.iterate(dump, options)) yield* vlans
  }

  /** Adds many, in order. What fails, or can't be right, is told in the result. */
  async addMany<V extends BridgeVlanSpec>(
    vlans: Inputs<V>,
    options: BulkOptions = {}
  ): Promise<BulkResult<V>> {
    const connection = this.#connection
    const make = (spec: V) => bridgeVlanOperations.add(connection, spec)
    return applyMany(connection, vlans, { method: 'bridge.vlans.addMany', make }, options)
  }
}
