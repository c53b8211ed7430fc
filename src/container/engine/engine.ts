import { invalidValue, within } from '../../codec/index.js'
import type { AddressManager } from '../ipam/address-manager.js'
import type { Host, NetworkDriver } from '../drivers/driver.js'
import type { Naming } from '../naming/naming.js'
import type { PortAllocator } from '../ports/port-allocator.js'
import type { Store } from '../state/index.js'
import type { Calls } from './calls.js'
import type { LinkDeletions } from './link-deletions.js'
import type { NetworkPresence } from './network-presence.js'
import type { SandboxNamespaces } from './sandbox-namespaces.js'
import type { Turns } from './turns.js'

/** What everything that `ContainerNetworks` does is done with. */
export interface Engine {
  readonly store: Store
  readonly host: Host
  readonly drivers: ReadonlyMap<string, NetworkDriver>
  readonly addressManagers: ReadonlyMap<string, AddressManager>
  readonly ports: PortAllocator
  /** Which networks are known to be there in the kernel. */
  readonly presence: NetworkPresence
  /** The namespaces of sandboxes, held open. */
  readonly namespaces: SandboxNamespaces
  /** DNS, and the files of sandboxes. */
  readonly naming: Naming
  /** Links that are still to be deleted. */
  readonly deletions: LinkDeletions
  readonly calls: Calls
  /** What changes one sandbox is done one after the other; the keys are ids. */
  readonly turns: Turns
}

/** The driver of a name. Throws a `TypeError` if there is none. */
export function driverNamed({ drivers }: Engine, name: string, field = 'driver'): NetworkDriver {
  return drivers.get(name) ?? within(field, () => invalidValue(name, oneOf(drivers)))
}

/** The address manager of a name. Throws a `TypeError` if there is none. */
export function addressManagerNamed(
  { addressManagers }: Engine,
  name: string,
  field = 'addressManager'
): AddressManager {
  return addressManagers.get(name) ?? within(field, () => invalidValue(name, oneOf(addressManagers)))
}

function oneOf(named: ReadonlyMap<string, unknown>): string {
  return `one of ${[...named.keys()].map((name) => JSON.stringify(name)).join(', ')}`
}
