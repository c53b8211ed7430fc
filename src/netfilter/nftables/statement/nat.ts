import { InvalidType, familyOf, within } from '../../../codec/index.js'
import { concatenated } from '../datatype/concatenation.js'
import { parseInterval } from '../datatype/interval.js'
import type { Interval } from '../datatype/interval.js'
import { dataTypes } from '../datatype/types.js'
import type { RuleBuilder } from '../rule/builder.js'
import type { Statement } from '../rule/item.js'
import { registerAt } from '../rule/registers.js'
import { Selector } from '../selector/selector.js'
import { MapValue } from './map.js'
import { loadOperand } from './operand.js'
import type { Operand } from './operand.js'

/** How a port or an address is chosen out of several. */
export interface NatFlags {
  /** Starts at a random port. */
  readonly random?: boolean | undefined
  /** Chooses ports with a random number generator. */
  readonly fullyRandom?: boolean | undefined
  /** Gives a client the same address each time. */
  readonly persistent?: boolean | undefined
}

/** Ports to choose from. */
export interface PortOptions extends NatFlags {
  /** A port, or an interval: `8080`, `'1024-2048'`. */
  readonly port?: Operand<number | string | Interval<number>> | undefined
}

export interface NatOptions extends PortOptions {
  /** An address, an interval of some, or where it comes from. */
  readonly to?: Operand<string | Interval<string>> | undefined
  /** Address and port at once, out of a map whose values are both: `map(tcp.dport, '@published')`. */
  readonly endpoint?: MapValue | undefined
  /** The prefix of the address is changed and the rest kept: `to` is a prefix. */
  readonly prefix?: boolean | undefined
  /** In the family `inet`, where no address tells it. */
  readonly family?: 'ip' | 'ip6' | undefined
}

type NatFlag = 'random' | 'fully-random' | 'persistent' | 'ports-given' | 'netmap'

function flagsOf(options: NatFlags, ports: boolean, prefix = false): NatFlag[] {
  const flags: NatFlag[] = []
  if (ports) flags.push('ports-given')
  if (options.random === true) flags.push('random')
  if (options.fullyRandom === true) flags.push('fully-random')
  if (options.persistent === true) flags.push('persistent')
  if (prefix) flags.push('netmap')
  return flags
}

/** The registers of a value, or of the two ends of an interval. */
function loadSpan(
  builder: RuleBuilder,
  key: string,
  operand: unknown,
  type: (typeof dataTypes)['ipv4_addr' | 'ipv6_addr' | 'inet_service']
): { from: number; to?: number } {
  return within(key, () => {
    const dynamic = operand instanceof MapValue || operand instanceof Selector
    const interval = dynamic ? undefined : parseInterval(type, operand)
    if (interval === undefined) return { from: registerAt(loadOperand(builder, operand, type)) }
    const from = registerAt(builder.registers.take(type.size))
    builder.immediate(from, { value: interval.from })
    const to = registerAt(builder.registers.take(type.size))
    builder.immediate(to, { value: interval.to })
    return { from, to }
  })
}

function portRegisters(
  builder: RuleBuilder,
  port: unknown
): { portRegister?: number; portEndRegister?: number } {
  if (port === undefined) return {}
  const { from, to } = loadSpan(builder, 'port', port, dataTypes.inet_service)
  return { portRegister: from, ...(to === undefined ? {} : { portEndRegister: to }) }
}

function natFamily(builder: RuleBuilder, options: NatOptions): 'ip' | 'ip6' {
  const { family } = builder
  if (family === 'ip' || family === 'ip6') return family
  if (options.family !== undefined) return options.family
  const { to } = options
  const text = typeof to === 'string' ? to : typeof to === 'object' && 'from' in to ? to.from : undefined
  if (typeof text === 'string') return familyOf(text) === 'inet' ? 'ip' : 'ip6'
  const { network } = builder.known
  if (network === 'ip' || network === 'ip6') return network
  throw new InvalidType(undefined, 'given: nothing tells the family', 'ERR_MISSING_FIELD').within('family')
}

function nat(type: 'snat' | 'dnat', options: NatOptions): Statement {
  return {
    statement: type,
    build(builder) {
      const family = natFamily(builder, options)
      const address = family === 'ip' ? dataTypes.ipv4_addr : dataTypes.ipv6_addr
      const { to, endpoint, port, prefix } = options
      if (endpoint !== undefined) {
        if (to !== undefined || port !== undefined) {
          throw new InvalidType(endpoint, 'without an address and a port, which it gives').within('endpoint')
        }
        const both = concatenated([address, dataTypes.inet_service])
        const place = within('endpoint', () => loadOperand(builder, endpoint, both))
        builder.emit({
          kind: 'nat',
          type,
          family,
          addressRegister: registerAt(place),
          portRegister: registerAt(place + address.size / 4),
          ...natFlagsOf(flagsOf(options, false))
        })
        return
      }
      if (to === undefined && port === undefined) {
        throw new InvalidType(undefined, 'given, or a port or an endpoint', 'ERR_MISSING_FIELD').within('to')
      }
      const span = to === undefined ? undefined : loadSpan(builder, 'to', to, address)
      const ports = portRegisters(builder, port)
      builder.emit({
        kind: 'nat',
        type,
        family,
        ...(span === undefined ? {} : { addressRegister: span.from }),
        ...(span?.to === undefined ? {} : { addressEndRegister: span.to }),
        ...ports,
        ...natFlagsOf(flagsOf(options, port !== undefined, prefix))
      })
    }
  }
}

const natFlagsOf = (flags: NatFlag[]): { flags?: NatFlag[] } => (flags.length === 0 ? {} : { flags })

/** Gives the connection another source, as it leaves. */
export const snat = (options: NatOptions): Statement => nat('snat', options)

/** Gives the connection another destination, as it comes. */
export const dnat = (options: NatOptions): Statement => nat('dnat', options)

/** Gives the connection the address of the link that it leaves by. */
export function masquerade(options: PortOptions = {}): Statement {
  return {
    statement: 'masquerade',
    build(builder) {
      const ports = portRegisters(builder, options.port)
      const flags = flagsOf(options, options.port !== undefined)
      builder.emit({ kind: 'masq', ...ports, ...natFlagsOf(flags) })
    }
  }
}

/** Leads the connection to this machine. */
export function redirect(options: PortOptions = {}): Statement {
  return {
    statement: 'redirect',
    build(builder) {
      const ports = portRegisters(builder, options.port)
      const flags = flagsOf(options, options.port !== undefined)
      builder.emit({ kind: 'redir', ...ports, ...natFlagsOf(flags) })
    }
  }
}
