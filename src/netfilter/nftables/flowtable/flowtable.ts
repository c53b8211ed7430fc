import { InvalidType, invalidType, within } from '../../../codec/index.js'
import type { NftFamily } from '../family.js'
import type { FlowtableMessage, FlowtableMessageInput } from './schema.js'

/** A flowtable's name. */
export interface FlowtableRef {
  readonly family: NftFamily
  readonly table: string
  readonly name: string
}

/** A flowtable to make: connections in it go from device to device past the rules. */
export interface FlowtableSpec extends FlowtableRef {
  /** The only hook that there is. */
  readonly hook?: 'ingress' | undefined
  /** Among what else is at the hook of the devices: 0 by default. */
  readonly priority?: number | undefined
  readonly devices?: readonly string[] | undefined
  readonly flags?: readonly ('offload' | 'counter' | number)[] | undefined
}

/** A flowtable, as the kernel has it. */
export interface Flowtable extends FlowtableRef {
  readonly hook: 'ingress'
  readonly priority: number
  readonly devices: string[]
  readonly flags: readonly ('offload' | 'counter' | number)[]
  readonly handle: number
  readonly use: number
}

/** `NF_NETDEV_INGRESS`, linux/netfilter.h */
const ingress = 0

export function flowtableInput(flowtable: FlowtableSpec | Flowtable): FlowtableMessageInput {
  const { family, table, name, hook = 'ingress', priority = 0, devices, flags } = flowtable
  if ((hook as string) !== 'ingress') throw new InvalidType(hook, '"ingress"').within('hook')
  if (devices !== undefined && !Array.isArray(devices)) {
    within('devices', () => invalidType(devices, 'an array of names of links'))
  }
  return {
    family,
    table,
    name,
    hook: { number: ingress, priority, ...(devices === undefined ? {} : { devices }) },
    ...(flags === undefined || flags.length === 0 ? {} : { flags })
  }
}

export function readFlowtable(message: FlowtableMessage): Flowtable {
  const { family, table, name, hook, flags = [], handle, use } = message
  return {
    family: family as NftFamily,
    table: table!,
    name: name!,
    hook: 'ingress',
    priority: hook?.priority ?? 0,
    devices: hook?.devices ?? [],
    flags,
    handle: handle ?? 0,
    use: use ?? 0
  }
}
