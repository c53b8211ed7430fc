import { InvalidType, invalidType, invalidValue, within } from '../../../codec/index.js'
import type { DataType } from '../datatype/datatype.js'
import type { Interval } from '../datatype/interval.js'
import type { ObjectKindName } from '../object/type.js'
import type { RuleBuilder } from '../rule/builder.js'
import type { Statement } from '../rule/item.js'
import { registerAt } from '../rule/registers.js'
import { loadSelector } from '../selector/selector.js'
import type { Selector } from '../selector/selector.js'
import type { ElementKey, ElementSpec, ElementValue, Value } from '../set/element.js'
import type { VerdictSpec } from '../verdict-spec.js'
import { swapKey } from './byte-order.js'
import { elementType, hasIntervals } from './match.js'
import { setReference } from './reference.js'
import type { SetReference } from './reference.js'

/** Keys with what they lead to, or the name of a map. */
export type MapTarget<K, V> = SetReference | `@${string}` | readonly (readonly [K | Interval<K>, V])[]

/** What a map gives for the packet; where something takes it, the type of its values is known. */
export class MapValue {
  readonly #selector: Selector<unknown>
  readonly #target: MapTarget<unknown, unknown>

  constructor(selector: Selector<unknown>, target: MapTarget<unknown, unknown>) {
    this.#selector = selector
    this.#target = target
  }

  /** Loads the key and looks it up; the value goes to the register at `place`. */
  load(builder: RuleBuilder, place: number, type: DataType | 'verdict' | 'object'): void {
    const selector = this.#selector
    const { parts } = selector
    // A value may be as long as its key, or longer: both begin at the same place.
    parts.require?.(builder)
    const register = loadSelector(builder, selector, true)
    const set = this.#set(builder, register, type)
    const destinationRegister = type === 'verdict' ? ('verdict' as const) : registerAt(place)
    builder.emit({ kind: 'lookup', sourceRegister: register, destinationRegister, ...set })
  }

  /** Looks the key up in a map of stateful objects, and runs what it finds. */
  run(builder: RuleBuilder, object: ObjectKindName): void {
    const selector = this.#selector
    const sourceRegister = loadSelector(builder, selector)
    const set = this.#set(builder, sourceRegister, 'object', object)
    builder.emit({ kind: 'objref', sourceRegister, ...set })
  }

  #set(
    builder: RuleBuilder,
    register: number,
    type: DataType | 'verdict' | 'object',
    object?: ObjectKindName
  ): { readonly set: string; readonly setId?: number } {
    const { parts } = this.#selector
    const reference = setReference(this.#target)
    if (reference !== undefined) {
      const interval = reference.interval ?? builder.context.knownSet(reference.set)?.interval
      if (interval === true) swapKey(builder, parts.type, register)
      return builder.namedSet(reference.set)
    }
    const entries = this.#target as readonly (readonly [ElementKey, ElementValue])[]
    if (!Array.isArray(entries)) {
      throw new InvalidType(entries, 'an array of [key, value], or a map').within('map')
    }
    if (entries.length === 0) within('map', () => invalidValue(entries, 'an array that is not empty'))
    const elements = entries.map((entry: unknown, index) => {
      if (!Array.isArray(entry) || entry.length !== 2) {
        within('map', () => within(index, () => invalidType(entry, 'an array of a key and a value')))
      }
      const [key, value] = entry as [ElementKey, ElementValue]
      return { key, value } satisfies ElementSpec
    })
    const interval = hasIntervals(
      parts.type,
      elements.map(({ key }) => key)
    )
    if (interval) swapKey(builder, parts.type, register)
    return builder.anonymousSet('map', { key: elementType(parts), value: type, object, interval }, elements)
  }
}

/**
 * Maps something of the packet to a value, for what takes one: `dnat({ to: map(tcp.dport, [[80, '10.0.0.1']]) })`,
 * `set(meta.mark, map(ip.saddr, '@marks'))`.
 */
export function map<K>(selector: Selector<K>, target: NoInfer<MapTarget<K, Value>>): MapValue {
  return new MapValue(selector, target)
}

/** Decides by a map: nft's `vmap`. What the map doesn't have goes on with the rule. */
export function verdictMap<K>(selector: Selector<K>, target: NoInfer<MapTarget<K, VerdictSpec>>): Statement {
  const value = new MapValue(selector, target)
  return {
    statement: `${selector.name} vmap …`,
    build: (builder) => value.load(builder, 0, 'verdict')
  }
}

/** Runs the stateful object that a map leads to: nft's `counter name ip saddr map @counters`. */
export function objectMap<K>(
  kind: ObjectKindName,
  selector: Selector<K>,
  target: NoInfer<MapTarget<K, string>>
): Statement {
  const value = new MapValue(selector, target)
  return {
    statement: `${kind} name ${selector.name} map …`,
    build: (builder) => value.run(builder, kind)
  }
}
