import { InvalidType, familyOf, invalidType, within } from '../../../codec/index.js'
import type { ExpressionInput } from '../expression/index.js'
import { dataTypes } from '../datatype/types.js'
import type { Statement } from '../rule/item.js'
import { registerAt } from '../rule/registers.js'
import { loadOperand } from './operand.js'
import type { Operand } from './operand.js'

/** Keeps connection tracking from the packet; in chains at the priority `raw`. */
export const notrack = (): ExpressionInput => ({ kind: 'notrack' })

export interface TproxyOptions {
  readonly address?: Operand<string> | undefined
  readonly port?: Operand<number | string> | undefined
  readonly family?: 'ip' | 'ip6' | undefined
}

/** Gives the packet to a local socket that is transparent. The rule must match the transport protocol before. */
export function tproxy(options: TproxyOptions): Statement {
  return {
    statement: 'tproxy',
    build(builder) {
      const { address, port } = options
      if (address === undefined && port === undefined) {
        throw new InvalidType(undefined, 'given, or a port', 'ERR_MISSING_FIELD').within('address')
      }
      const own = builder.family === 'ip' || builder.family === 'ip6' ? builder.family : undefined
      const byAddress =
        typeof address !== 'string'
          ? undefined
          : familyOf(address) === 'inet'
            ? ('ip' as const)
            : ('ip6' as const)
      const family = own ?? options.family ?? byAddress
      const type = family === 'ip6' ? dataTypes.ipv6_addr : dataTypes.ipv4_addr
      const addressRegister =
        address === undefined
          ? undefined
          : within('address', () => registerAt(loadOperand(builder, address, type)))
      const portRegister =
        port === undefined
          ? undefined
          : within('port', () => registerAt(loadOperand(builder, port, dataTypes.inet_service)))
      builder.emit({ kind: 'tproxy', family: family ?? 'unspec', addressRegister, portRegister })
    }
  }
}

export interface QueueOptions {
  /** The queue, or the first of several. */
  readonly number: number
  /** The last of several, among which flows are spread. */
  readonly to?: number | undefined
  /** Lets packets pass while nobody listens. */
  readonly bypass?: boolean | undefined
  /** Spreads by processor rather than by flow. */
  readonly fanout?: boolean | undefined
}

/** Hands the packet to a program, by nfnetlink_queue. */
export function queue({ number, to = number, bypass, fanout }: QueueOptions): ExpressionInput {
  return {
    kind: 'queue',
    number,
    total: to - number + 1,
    flags: [
      ...(bypass === true ? (['bypass'] as const) : []),
      ...(fanout === true ? (['fanout'] as const) : [])
    ]
  }
}

/** A link, by its index or as an object that has one. */
export type DeviceRef = number | { readonly index: number }

const indexOf = (device: DeviceRef): number => (typeof device === 'number' ? device : device.index)

export interface DupOptions {
  /** In ip and ip6: the gateway that gets the copy. */
  readonly to?: string | undefined
  readonly device?: DeviceRef | undefined
}

/** Sends a copy of the packet elsewhere: in `ip` and `ip6` to a gateway, in `netdev` out by a device. */
export function duplicate({ to, device }: DupOptions): Statement {
  return {
    statement: 'dup',
    build(builder) {
      const type = builder.family === 'ip6' ? dataTypes.ipv6_addr : dataTypes.ipv4_addr
      const addressRegister =
        to === undefined ? undefined : within('to', () => registerAt(loadOperand(builder, to, type)))
      const deviceRegister =
        device === undefined
          ? undefined
          : within('device', () => registerAt(loadOperand(builder, indexOf(device), dataTypes.iface_index)))
      if (addressRegister === undefined && deviceRegister === undefined) {
        throw new InvalidType(undefined, 'given, or a device', 'ERR_MISSING_FIELD').within('to')
      }
      builder.emit({ kind: 'dup', addressRegister, deviceRegister })
    }
  }
}

export interface ForwardOptions {
  readonly device: DeviceRef
  /** The neighbour that it goes to. */
  readonly to?: string | undefined
}

/** Sends the packet out by another device; in the family `netdev`. */
export function forward({ device, to }: ForwardOptions): Statement {
  return {
    statement: 'fwd',
    build(builder) {
      if (device === undefined) invalidType(device, 'the index of a link, or a link')
      const deviceRegister = within('device', () =>
        registerAt(loadOperand(builder, indexOf(device), dataTypes.iface_index))
      )
      if (to === undefined) return builder.emit({ kind: 'fwd', deviceRegister })
      const family = familyOf(to) === 'inet' ? ('ip' as const) : ('ip6' as const)
      const type = family === 'ip' ? dataTypes.ipv4_addr : dataTypes.ipv6_addr
      const addressRegister = within('to', () => registerAt(loadOperand(builder, to, type)))
      builder.emit({ kind: 'fwd', deviceRegister, addressRegister, family })
    }
  }
}

/** Lets what follows of the connection go by a flowtable, past the rules. */
export const flowOffload = (flowtable: string): ExpressionInput => ({ kind: 'flow_offload', flowtable })

export interface SynproxyOptions {
  readonly mss?: number | undefined
  readonly wscale?: number | undefined
  readonly timestamp?: boolean | undefined
  readonly sackPerm?: boolean | undefined
}

/** Answers SYNs in place of the server, until the client has proved its address. */
export function synproxy({ mss, wscale, timestamp, sackPerm }: SynproxyOptions): ExpressionInput {
  return {
    kind: 'synproxy',
    mss,
    wscale,
    flags: [
      ...(mss === undefined ? [] : (['mss'] as const)),
      ...(wscale === undefined ? [] : (['wscale'] as const)),
      ...(sackPerm === true ? (['sack-perm'] as const) : []),
      ...(timestamp === true ? (['timestamp'] as const) : [])
    ]
  }
}
