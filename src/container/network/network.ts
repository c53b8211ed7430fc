import type { NetworkRecord, NetworkRoute, Pool } from '../model/network.js'

/** A network as it was when it was read. */
export class Network {
  /** 64 hexadecimal digits. */
  readonly id: string
  readonly name: string
  readonly driver: string
  readonly addressManager: string
  readonly ipv4: boolean
  readonly ipv6: boolean
  /** Empty where the driver has no addresses. */
  readonly pools: readonly Pool[]
  readonly internal: boolean
  /** Whether sandboxes may have their default route by it. */
  readonly defaultRoute: boolean
  /** Further routes that sandboxes have by it. */
  readonly routes: readonly NetworkRoute[]
  readonly labels: Readonly<Record<string, string>>
  /** The options of its driver, complete. */
  readonly driverOptions: Readonly<Record<string, unknown>>
  readonly created: Date

  /** @internal */
  constructor(record: NetworkRecord) {
    this.id = record.id
    this.name = record.name
    this.driver = record.driver
    this.addressManager = record.addressManager
    this.ipv4 = record.ipv4
    this.ipv6 = record.ipv6
    this.pools = record.pools
    this.internal = record.internal
    this.defaultRoute = record.defaultRoute !== false
    this.routes = record.routes ?? []
    this.labels = record.labels
    this.driverOptions = record.driverOptions
    this.created = new Date(record.created)
  }
}
