import type { NetworkNamespace, SysctlKey } from '../../../namespace/index.js'
import type { EndpointRecord } from '../../model/endpoint.js'

/** Who talks to another container takes an entry: with so many of them, the table may soon be full. */
const most = 3 / 4

const keys = {
  address: 'net.ipv4.neigh.default.gc_thresh3',
  address6: 'net.ipv6.neigh.default.gc_thresh3'
} as const

/** What is known of one family's neighbour table. */
interface Watch {
  readonly endpoints: Set<string>
  /** How many entries it holds; `undefined` where that can't be read. */
  readonly limit: Promise<number | undefined>
  warned: boolean
}

/** Counts the endpoints on the bridges of a host, and warns once when the neighbour table may overflow. */
class NeighborTable {
  readonly #watches: Readonly<Record<keyof typeof keys, Watch>>

  constructor({ sysctl }: NetworkNamespace) {
    const watch = (key: SysctlKey): Watch => ({
      endpoints: new Set(),
      limit: sysctl.get(key).then(Number, () => undefined),
      warned: false
    })
    this.#watches = { address: watch(keys.address), address6: watch(keys.address6) }
  }

  async add(endpoint: EndpointRecord): Promise<void> {
    for (const family of ['address', 'address6'] as const) {
      if (endpoint[family] === undefined) continue
      const watch = this.#watches[family]
      watch.endpoints.add(endpoint.id)
      const limit = await watch.limit
      if (watch.warned || limit === undefined || watch.endpoints.size < limit * most) continue
      watch.warned = true
      process.emitWarning(
        `${watch.endpoints.size} containers are connected to bridges, and the neighbour table of the kernel, which ` +
          `all namespaces share, holds ${limit} entries: containers that talk to each other may fill it, and then ` +
          `packets are lost. Raise ${keys[family]}.`,
        { type: 'NetloomWarning', code: 'NETLOOM_NEIGHBOR_TABLE' }
      )
    }
  }

  remove({ id }: EndpointRecord): void {
    for (const { endpoints } of Object.values(this.#watches)) endpoints.delete(id)
  }
}

const tables = new WeakMap<NetworkNamespace, NeighborTable>()

/** The neighbour table as it is seen from a host. */
export function neighborTable(host: NetworkNamespace): NeighborTable {
  const known = tables.get(host)
  if (known !== undefined) return known
  const table = new NeighborTable(host)
  tables.set(host, table)
  return table
}
