import { InvalidType, invalidType, invalidValue, within } from '../../../codec/index.js'
import { isConcatenated } from '../datatype/concatenation.js'
import { encodeValue } from '../datatype/datatype.js'
import type { DataType } from '../datatype/datatype.js'
import { parseInterval, reversed } from '../datatype/interval.js'
import type { Interval } from '../datatype/interval.js'
import type { RuleBuilder } from '../rule/builder.js'
import type { Statement } from '../rule/item.js'
import { registerAt } from '../rule/registers.js'
import { encodeField, loadSelector, loadedSize } from '../selector/selector.js'
import type { Selector, SelectorParts } from '../selector/selector.js'
import type { ElementKey } from '../set/element.js'
import { swapKey } from './byte-order.js'
import { setReference } from './reference.js'
import type { SetReference } from './reference.js'

/** How a selector is compared; `in` and `not in` are for sets. */
export type Operator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in'

const operators: readonly string[] = ['==', '!=', '<', '<=', '>', '>=', 'in', 'not in']

/**
 * What a selector can be compared with: a value; an interval; several of both, as a set of the rule's own; a
 * set with a name, as `set('name')` or `'@name'`.
 */
export type MatchValue<V> = V | Interval<V> | SetReference | `@${string}` | readonly (V | Interval<V>)[]

/**
 * Goes on with the rule if the selector compares so. Without an operator it is `in` for arrays and sets, `==`
 * for values, and for bits (`ct.state`, `tcp.flags`) whether any of them is set.
 *
 *     match(ip.saddr, '10.0.0.0/8')
 *     match(tcp.dport, '!=', { from: 1, to: 1023 })
 *     match(ct.state, ['established', 'related'])
 *     match(meta.iifname, 'in', ['eth0', 'eth1'])
 */
export function match<V>(selector: Selector<V>, value: NoInfer<MatchValue<V>>): Statement
export function match<V>(selector: Selector<V>, operator: Operator, value: NoInfer<MatchValue<V>>): Statement
export function match<V>(
  selector: Selector<V>,
  ...rest: readonly [MatchValue<V>] | readonly [Operator, MatchValue<V>]
): Statement {
  const [operator, value] = rest.length === 1 ? [undefined, rest[0]] : rest
  if (operator !== undefined && !operators.includes(operator)) {
    within('operator', () => invalidValue(operator, `one of ${operators.join(', ')}`))
  }
  return {
    statement: `${selector.name} ${operator ?? ''} …`,
    build(builder) {
      within('value', () => buildMatch(builder, selector as Selector<unknown>, operator, value))
    }
  }
}

function buildMatch(
  builder: RuleBuilder,
  selector: Selector<unknown>,
  operator: Operator | undefined,
  value: unknown
): void {
  const { type, computed } = selector.parts
  const reference = setReference(value)
  if (reference !== undefined) {
    matchSet(builder, selector, reference, isNegated(operator, 'in'))
  } else if (Array.isArray(value) && (operator === 'in' || operator === 'not in' || type.bitmask !== true)) {
    matchElements(builder, selector, value as readonly ElementKey[], isNegated(operator, 'in'))
  } else if (operator === 'in' || operator === 'not in') {
    invalidType(value, 'an array, or a set')
  } else if (isConcatenated(type)) {
    invalidType(value, 'a set, or an array of arrays: a concatenation is compared with sets alone')
  } else if (type.bitmask === true && computed !== true && operator === undefined) {
    matchBits(builder, selector, value)
  } else {
    matchValue(builder, selector, operator ?? '==', value)
  }
}

function isNegated(operator: Operator | undefined, positive: 'in'): boolean {
  if (operator === undefined || operator === positive || operator === '==') return false
  if (operator === 'not in' || operator === '!=') return true
  throw new InvalidType(operator, '"in" or "not in"', 'ERR_INVALID_ARG_VALUE')
}

function matchSet(
  builder: RuleBuilder,
  selector: Selector<unknown>,
  reference: SetReference,
  negated: boolean
): void {
  const { parts } = selector
  const register = loadSelector(builder, selector)
  const interval = reference.interval ?? builder.context.knownSet(reference.set)?.interval
  if (interval === true) toNetworkOrder(builder, parts, register)
  else if (parts.field !== undefined && parts.field.shift > 0) shiftDown(builder, parts, register)
  lookup(builder, register, builder.namedSet(reference.set), negated)
}

/** Elements of a set with a name are not shifted as those of a rule's own set are. */
function shiftDown(builder: RuleBuilder, parts: SelectorParts, register: number): void {
  builder.emit({
    kind: 'bitwise',
    sourceRegister: register,
    destinationRegister: register,
    length: loadedSize(parts),
    operation: 'right-shift',
    data: { value: Uint8Array.of(parts.field!.shift, 0, 0, 0) }
  })
}

function matchElements(
  builder: RuleBuilder,
  selector: Selector<unknown>,
  elements: readonly ElementKey[],
  negated: boolean
): void {
  if (elements.length === 0) invalidValue(elements, 'an array that is not empty')
  const { parts } = selector
  const interval = hasIntervals(parts.type, elements)
  const register = loadSelector(builder, selector)
  if (interval) toNetworkOrder(builder, parts, register)
  const set = builder.anonymousSet('value', { key: elementType(parts), interval }, elements)
  lookup(builder, register, set, negated)
}

/** Whether any key is an interval, or holds one. */
export function hasIntervals(type: DataType, keys: readonly unknown[]): boolean {
  if (!isConcatenated(type)) return keys.some((key) => parseInterval(type, key) !== undefined)
  return keys.some(
    (key) =>
      Array.isArray(key) &&
      type.parts.some((part, index) => parseInterval(part, (key as unknown[])[index]) !== undefined)
  )
}

/** The type of the elements of a rule's own set: those of a field lie where the field does. */
export function elementType(parts: SelectorParts): DataType {
  const { field, type } = parts
  if (field === undefined || isConcatenated(type)) return type
  return {
    ...type,
    size: field.mask.length,
    write: (writer, value) => writer.raw(encodeField(parts, value))
  }
}

function lookup(
  builder: RuleBuilder,
  register: number,
  set: { readonly set: string; readonly setId?: number },
  negated: boolean
): void {
  builder.emit({
    kind: 'lookup',
    sourceRegister: register,
    ...set,
    ...(negated ? { flags: ['invert'] as const } : {})
  })
}

/** Any of some bits is set. */
function matchBits(builder: RuleBuilder, selector: Selector<unknown>, value: unknown): void {
  const { parts } = selector
  const bits = encodeField(parts, value)
  const register = loadSelector(builder, selector)
  const zero = new Uint8Array(bits.length)
  builder.emit({
    kind: 'bitwise',
    sourceRegister: register,
    destinationRegister: register,
    length: bits.length,
    mask: { value: bits },
    xor: { value: zero }
  })
  builder.compare(register, '!=', zero)
}

function matchValue(
  builder: RuleBuilder,
  selector: Selector<unknown>,
  operator: Exclude<Operator, 'in' | 'not in'>,
  value: unknown
): void {
  const { parts } = selector
  const { type } = parts
  const equality = operator === '==' || operator === '!='
  const interval = parseInterval(type, value)
  if (interval !== undefined) {
    if (!equality) invalidValue(value, `a single value: "${operator}" compares with no interval`)
    if (interval.prefixLength === undefined) matchInterval(builder, selector, operator, interval)
    else matchPrefix(builder, selector, operator, interval.from, interval.prefixLength)
    return
  }
  if (type.name === 'ifname' && typeof value === 'string' && value.endsWith('*')) {
    if (!equality) invalidValue(value, 'a name without "*"')
    matchStart(builder, selector, operator, value.slice(0, -1))
    return
  }
  const bytes = encodeField(parts, value)
  const register = loadSelector(builder, selector)
  if (equality) {
    builder.compare(register, operator, bytes)
    if (operator === '==' && parts.computed !== true) parts.settles?.(builder, bytes)
    return
  }
  if (toNetworkOrder(builder, parts, register)) builder.compare(register, operator, reversed(bytes))
  else builder.compare(register, operator, bytes)
}

/** Turns a number to network byte order, since comparisons go byte by byte. False if it is so already. */
function toNetworkOrder(builder: RuleBuilder, parts: SelectorParts, register: number): boolean {
  return swapKey(builder, parts.type, register)
}

function matchInterval(
  builder: RuleBuilder,
  selector: Selector<unknown>,
  operator: '==' | '!=',
  { from, to }: { readonly from: Uint8Array; readonly to: Uint8Array }
): void {
  if (selector.parts.field !== undefined) matchFieldInterval(builder, selector, operator, from, to)
  else {
    const register = loadSelector(builder, selector)
    toNetworkOrder(builder, selector.parts, register)
    compareInterval(builder, register, operator, from, to)
  }
}

function matchFieldInterval(
  builder: RuleBuilder,
  selector: Selector<unknown>,
  operator: '==' | '!=',
  from: Uint8Array,
  to: Uint8Array
): void {
  const { parts } = selector
  const register = loadSelector(builder, selector)
  const shift = (bytes: Uint8Array): Uint8Array =>
    encodeField({ ...parts, type: { ...parts.type, write: (writer) => writer.raw(bytes) } }, undefined)
  compareInterval(builder, register, operator, shift(from), shift(to))
}

function compareInterval(
  builder: RuleBuilder,
  register: number,
  operator: '==' | '!=',
  from: Uint8Array,
  to: Uint8Array
): void {
  if (operator === '!=') {
    builder.emit({
      kind: 'range',
      sourceRegister: register,
      operator: '!=',
      from: { value: from },
      to: { value: to }
    })
  } else {
    builder.compare(register, '>=', from)
    builder.compare(register, '<=', to)
  }
}

/** A prefix of whole bytes needs no more of the packet than those. */
function matchPrefix(
  builder: RuleBuilder,
  selector: Selector<unknown>,
  operator: '==' | '!=',
  address: Uint8Array,
  length: number
): void {
  const { parts } = selector
  parts.require?.(builder)
  if (length === 0) {
    invalidValue(length, 'a prefix of at least one bit: one of none matches everything, so leave it out')
  }
  if (parts.shortens === true && length % 8 === 0) {
    const size = length / 8
    const place = builder.registers.take(size)
    parts.load(builder, place, size)
    builder.compare(registerAt(place), operator, address.slice(0, size))
    return
  }
  const register = loadSelector(builder, selector, true)
  if (length < address.length * 8) {
    const mask = new Uint8Array(address.length)
    for (let bit = 0; bit < length; bit++) mask[bit >>> 3]! |= 0x80 >>> (bit & 7)
    builder.emit({
      kind: 'bitwise',
      sourceRegister: register,
      destinationRegister: register,
      length: mask.length,
      mask: { value: mask },
      xor: { value: new Uint8Array(mask.length) }
    })
  }
  builder.compare(register, operator, address)
}

/** A name that begins so: without the NUL that ends it. */
function matchStart(
  builder: RuleBuilder,
  selector: Selector<unknown>,
  operator: '==' | '!=',
  start: string
): void {
  if (start === '') invalidValue('*', 'a name with something before "*"')
  const bytes = encodeValue(selector.type, start)
  const register = loadSelector(builder, selector)
  builder.compare(register, operator, bytes.slice(0, Buffer.byteLength(start)))
}
