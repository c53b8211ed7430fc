import { invalidType, invalidValue, refuseOtherKeys, requireObject, within } from '../../codec/index.js'
import { NetworkNamespace } from '../../namespace/index.js'
import { callKeys, checkBoolean } from '../../namespace/options.js'
import { checkCallOptions } from '../../netlink/index.js'
import type { CallOptions } from '../../netlink/index.js'
import type { NetworkDriver } from '../drivers/driver.js'
import type { AddressManager, DefaultPool } from '../ipam/index.js'

/** What `ContainerNetworks.open` takes. */
export interface ContainerNetworksOptions extends CallOptions {
  /**
   * Where networks and sandboxes are remembered, so that they outlive the process, and several processes share them: a
   * directory of a local file system, which is made if it isn't there. It needs the package `lmdb`. Without it they live
   * in memory, and are removed by `close`.
   */
  readonly stateDirectory?: string | undefined
  /** The namespace that plays the host. It is not closed here. Default: that of the process. */
  readonly host?: NetworkNamespace | undefined
  /** Drivers besides `bridge`, `host`, `none`, `macvlan` and `ipvlan`. */
  readonly drivers?: readonly NetworkDriver[] | undefined
  /** Address managers besides `default`. */
  readonly addressManagers?: readonly AddressManager[] | undefined
  /** Where subnets come from that nobody asked for. Those of a family replace the default ones of that family, which are Docker's. */
  readonly defaultPools?: readonly DefaultPool[] | undefined
  /** Whether this process answers the DNS queries of all sandboxes if no other one that lives does. Default: true. */
  readonly nameService?: boolean | undefined
}

const keys: readonly (keyof ContainerNetworksOptions)[] = [
  'stateDirectory',
  'host',
  'drivers',
  'addressManagers',
  'defaultPools',
  'nameService',
  ...callKeys
]

/** Refuses options that can't be right, apart from those that the store and the address manager look at. */
export function checkOpenOptions(options: ContainerNetworksOptions): void {
  requireObject(options, 'an object such as { stateDirectory: "/var/lib/netloom" }')
  refuseOtherKeys(options, keys)
  const { host, signal, timeout } = options
  if (host !== undefined && !(host instanceof NetworkNamespace)) {
    within('host', () => invalidType(host, 'a NetworkNamespace'))
  }
  checkBoolean(options.nameService, 'nameService')
  checkCallOptions({ signal, timeout })
}

/** By their names, the built-in ones first. */
export function byName<T extends { readonly name: string }>(
  builtIn: readonly T[],
  given: readonly T[] | undefined,
  field: string
): ReadonlyMap<string, T> {
  const named = new Map(builtIn.map((each) => [each.name, each]))
  within(field, () => {
    if (given === undefined) return
    if (!Array.isArray(given)) invalidType(given, 'an array')
    for (const [index, each] of (given as readonly T[]).entries()) {
      within(index, () => {
        requireObject(each, 'an object with a name')
        const { name } = each as { readonly name: unknown }
        if (typeof name !== 'string' || name === '') within('name', () => invalidType(name, 'a name'))
        if (named.has(each.name)) within('name', () => invalidValue(name, 'a name that no other has'))
        named.set(each.name, each)
      })
    }
  })
  return named
}
