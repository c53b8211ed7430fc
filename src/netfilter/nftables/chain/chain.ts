import { InvalidType, invalidRange, invalidType, invalidValue, within } from '../../../codec/index.js'
import { readComment, writeComment } from '../comment.js'
import type { Commented } from '../comment.js'
import type { NftFamily } from '../family.js'
import type { UserdataAttribute } from '../userdata.js'
import type { ChainMessage, ChainMessageInput } from './schema.js'

/** A chain's name. */
export interface ChainRef {
  readonly family: NftFamily
  readonly table: string
  readonly name: string
}

/** Where packets come to a base chain. */
export type ChainHook = 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting' | 'ingress' | 'egress'

/** The standard priorities, as nft names them (nft(8), CHAINS). */
export type PriorityName = keyof typeof priorities | keyof typeof bridgePriorities

/** `NF_IP_PRI_*`, linux/netfilter_ipv4.h */
const priorities = {
  raw: -300,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100
} as const

/** `NF_BR_PRI_*`, linux/netfilter_bridge.h */
const bridgePriorities = { dstnat: -300, filter: -200, out: 100, srcnat: 300 } as const

/** What every chain has. */
interface ChainProperties extends ChainRef, Commented {
  /** `'offload'` asks the device to do it. */
  readonly flags?: readonly ('offload' | 'binding' | 'base')[] | undefined
}

/** A chain that others jump to. */
export interface RegularChainSpec extends ChainProperties {
  readonly hook?: undefined
  readonly type?: undefined
  readonly priority?: undefined
  readonly policy?: undefined
  readonly device?: undefined
  readonly devices?: undefined
}

/** A chain that packets come to by themselves. */
export interface BaseChainSpec extends ChainProperties {
  /** `'nat'` sees the first packet of each connection; `'route'` looks the route up again. */
  readonly type: 'filter' | 'nat' | 'route'
  readonly hook: ChainHook
  /** The lowest comes first; a number, or the name of a standard one. */
  readonly priority: number | PriorityName
  /** What becomes of packets at its end: `'accept'` by default. */
  readonly policy?: 'accept' | 'drop' | undefined
  /** Of `ingress` and `egress`: the device, or several. */
  readonly device?: string | undefined
  readonly devices?: readonly string[] | undefined
}

/** A chain to make. */
export type ChainSpec = RegularChainSpec | BaseChainSpec

/** A chain, as the kernel has it. */
export interface Chain extends ChainRef {
  readonly handle: number
  /** How many rules and jumps refer to it. */
  readonly use: number
  readonly type?: 'filter' | 'nat' | 'route'
  readonly hook?: ChainHook
  readonly priority?: number
  readonly policy?: 'accept' | 'drop'
  readonly device?: string
  readonly devices?: string[]
  /** What its policy saw, in chains that iptables-nft made. */
  readonly counters?: { readonly bytes?: number; readonly packets?: number }
  readonly flags: readonly ('base' | 'offload' | 'binding' | number)[]
  readonly comment?: string
  readonly userdata?: UserdataAttribute[]
}

/** `NF_INET_*` and their like: the number of a hook within its family. */
const inetHooks = { prerouting: 0, input: 1, forward: 2, output: 3, postrouting: 4, ingress: 5 } as const
const hooks: Readonly<Record<NftFamily, Readonly<Partial<Record<ChainHook, number>>>>> = {
  inet: inetHooks,
  ip: inetHooks,
  ip6: inetHooks,
  bridge: inetHooks,
  arp: { input: 0, output: 1, forward: 2 },
  netdev: { ingress: 0, egress: 1 }
}

function hookNumber(family: NftFamily, hook: ChainHook): number {
  const numbers = hooks[family]
  return (
    numbers[hook] ??
    within('hook', () =>
      invalidValue(hook, `one of ${Object.keys(numbers).join(', ')} in the family ${family}`)
    )
  )
}

function priorityNumber(family: NftFamily, priority: number | string): number {
  if (typeof priority === 'number') {
    if (!Number.isInteger(priority) || Math.abs(priority) > 0x7fffffff) {
      within('priority', () => invalidRange(priority, 'a whole number from −2147483647 to 2147483647'))
    }
    return priority
  }
  const names: Readonly<Record<string, number>> = family === 'bridge' ? bridgePriorities : priorities
  if (Object.hasOwn(names, priority)) return names[priority]!
  return within('priority', () =>
    invalidValue(priority, `a number, or one of ${Object.keys(names).join(', ')} in the family ${family}`)
  )
}

const types = ['filter', 'nat', 'route']

/** The message that makes or changes a chain. */
export function chainInput(chain: ChainSpec | Chain): ChainMessageInput {
  const { family, table, name, type, hook, priority, policy, device, devices, flags } = chain
  const own = flags?.filter((flag) => flag !== 'base') ?? []
  const common: ChainMessageInput = {
    family,
    table,
    name,
    userdata: writeComment(chain),
    ...(own.length === 0 ? {} : { flags: own })
  }
  if (hook === undefined) {
    for (const [key, value] of Object.entries({ type, priority, device, devices })) {
      if (value !== undefined) throw new InvalidType(value, 'with a hook, or absent').within(key)
    }
    return { ...common, ...(policy === undefined ? {} : { policy }) }
  }
  if (priority === undefined) missing('priority')
  if (type === undefined) missing('type')
  if (!types.includes(type)) within('type', () => invalidValue(type, `one of ${types.join(', ')}`))
  if (devices !== undefined && !Array.isArray(devices)) {
    within('devices', () => invalidType(devices, 'an array of names of links'))
  }
  return {
    ...common,
    type,
    hook: {
      number: hookNumber(family, hook),
      priority: priorityNumber(family, priority),
      ...(device === undefined ? {} : { device }),
      ...(devices === undefined ? {} : { devices })
    },
    ...(policy === undefined ? {} : { policy })
  }
}

function missing(key: string): never {
  throw new InvalidType(undefined, 'given with a hook', 'ERR_MISSING_FIELD').within(key)
}

/** A chain as users see it. */
export function readChain(message: ChainMessage): Chain {
  const family = message.family as NftFamily
  const { table, name, handle, use, type, hook, policy, counters, flags = [] } = message
  const names = Object.entries(hooks[family] ?? {})
  const hookName = names.find(([, number]) => number === hook?.number)?.[0] as ChainHook | undefined
  return {
    family,
    table: table!,
    name: name!,
    handle: handle ?? 0,
    use: use ?? 0,
    ...(type === undefined ? {} : { type: type as 'filter' }),
    ...(hookName === undefined ? {} : { hook: hookName }),
    ...(hook?.priority === undefined ? {} : { priority: hook.priority }),
    ...(policy === undefined ? {} : { policy: policy as 'accept' }),
    ...(hook?.device === undefined ? {} : { device: hook.device }),
    ...(hook?.devices === undefined ? {} : { devices: hook.devices }),
    ...(counters === undefined ? {} : { counters }),
    flags,
    ...readComment(message.userdata)
  }
}
