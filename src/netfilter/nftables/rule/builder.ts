import type { DataInput } from '../data.js'
import type { ExpressionInput } from '../expression/index.js'
import type { NftFamily } from '../family.js'
import type { ElementKey, ElementSpec } from '../set/element.js'
import type { SetLayout } from '../set/layout.js'
import { Registers } from './registers.js'

/** What a rule needs of the transaction that it is written into. */
export interface RuleContext {
  readonly family: NftFamily
  /** A number for something that the transaction makes. */
  nextId(): number
  /** A set that the same transaction makes. */
  knownSet(name: string): KnownSet | undefined
}

/** A set that a rule of the same transaction refers to. */
export interface KnownSet {
  readonly id: number
  readonly interval: boolean
  /** What the kernel is given for the name, where the set belongs to a rule. */
  readonly name?: string
}

/** A set that belongs to one rule. */
export interface AnonymousSet {
  readonly id: number
  /** The path of the item that it came from. */
  readonly origin: string
  readonly layout: SetLayout
  readonly elements: readonly (ElementSpec | ElementKey)[]
}

/** What earlier matches of the rule have settled about the packet's headers. */
export interface KnownProtocols {
  network?: 'ip' | 'ip6' | 'arp' | 'other' | undefined
  transport?: number | 'other' | undefined
  link?: 'ether' | undefined
  vlan?: boolean
  /** The type of an ICMP message, once it was matched. */
  icmpType?: boolean
}

/** Gathers the expressions of one rule, and the sets that belong to it. */
export class RuleBuilder {
  readonly expressions: ExpressionInput[] = []
  /** For each expression, the path of the item that it came from. */
  readonly origins: string[] = []
  readonly sets: AnonymousSet[] = []
  readonly registers = new Registers()
  readonly known: KnownProtocols = {}
  readonly context: RuleContext
  origin = ''

  constructor(context: RuleContext) {
    this.context = context
  }

  /** Makes a set that belongs to this rule, out of a part of its item; gives how the rule refers to it. */
  anonymousSet(
    part: 'value' | 'map',
    layout: SetLayout,
    elements: readonly (ElementSpec | ElementKey)[]
  ): { readonly set: string; readonly setId: number } {
    const id = this.context.nextId()
    this.sets.push({ id, origin: `${this.origin}.${part}`, layout, elements })
    return { set: anonymousName(layout), setId: id }
  }

  /** How the rule refers to a set that has a name. */
  namedSet(name: string): { readonly set: string; readonly setId?: number } {
    const known = this.context.knownSet(name)
    return known === undefined ? { set: name } : { set: known.name ?? name, setId: known.id }
  }

  get family(): NftFamily {
    return this.context.family
  }

  emit(expression: ExpressionInput): void {
    this.expressions.push(expression)
    this.origins.push(this.origin)
  }

  /** Compares a register with bytes. */
  compare(register: number, operator: '==' | '!=' | '<' | '<=' | '>' | '>=', value: Uint8Array): void {
    this.emit({ kind: 'cmp', sourceRegister: register, operator, data: { value } })
  }

  /** Puts a value into a register. */
  immediate(register: number | 'verdict', data: DataInput): void {
    this.emit({ kind: 'immediate', destinationRegister: register, data })
  }
}

/** The kernel puts a number in place of `%d`. */
export const anonymousName = (layout: SetLayout): string =>
  layout.value === undefined ? '__set%d' : '__map%d'
