import { InvalidType, invalidType, invalidValue, within } from '../../../codec/index.js'
import { commentUserdata } from '../comment.js'
import { isConcatenated } from '../datatype/concatenation.js'
import type { DataType } from '../datatype/datatype.js'
import type { StatefulExpression, StatefulExpressionInput } from '../expression/index.js'
import type { NftFamily } from '../family.js'
import type { ObjectKindName } from '../object/type.js'
import { joinUserdata, numberUserdata, readUserdata, userdataNumber, userdataText } from '../userdata.js'
import type { UserdataAttribute } from '../userdata.js'
import { milliseconds } from './element.js'
import { opaque, typeNamed, typeNames, verdictType } from './layout.js'
import type { SetLayout, TypeNames } from './layout.js'
import type { setFlags, SetMessage, SetMessageInput } from './schema.js'
import type { OutputOf } from '../../../codec/index.js'

/** A set, or a map, to make. */
export interface SetSpec {
  readonly family: NftFamily
  readonly table: string
  readonly name: string
  /** The type of its keys, by nft's name: `'ipv4_addr'`; several for a concatenation. */
  readonly key?: TypeNames | undefined
  /** Makes it a map, with values of this type. */
  readonly value?: TypeNames | 'verdict' | undefined
  /** Makes it a map whose values are stateful objects. */
  readonly object?: ObjectKindName | undefined
  /** Keys are intervals and prefixes: `{ from, to }`, `'10.0.0.0/8'`, `'80-90'`. */
  readonly interval?: boolean | undefined
  /** No elements are added or deleted once it is in use. */
  readonly constant?: boolean | undefined
  /** Rules add elements: `addToSet`. Needs `size`, or the kernel's default of 65,535 holds. */
  readonly dynamic?: boolean | undefined
  /** Seconds until an element vanishes that has no timeout of its own; 0 lets only those with one vanish. */
  readonly timeout?: number | undefined
  /** Seconds between two searches for elements that are over. */
  readonly gcInterval?: number | undefined
  /** The most elements that it may hold. */
  readonly size?: number | undefined
  readonly policy?: 'performance' | 'memory' | undefined
  /** nft merges intervals that touch when it adds to the set; netloom does not. */
  readonly autoMerge?: boolean | undefined
  /** Each element gets these: counters, for example. */
  readonly expressions?: readonly StatefulExpressionInput[] | undefined
  readonly comment?: string | undefined
  /** Instead of `key` and `value`: numbers of libnftables and lengths in bytes, as read from a set. */
  readonly keyType?: number | undefined
  readonly keyLength?: number | undefined
  readonly valueType?: number | undefined
  readonly valueLength?: number | undefined
  /** What other programs keep with the set (libnftnl, udata.h), in place of what netloom would write. */
  readonly userdata?: readonly UserdataAttribute[] | undefined
}

/** A set, or a map, as the kernel has it. */
export interface NftSet {
  readonly family: NftFamily
  readonly table: string
  readonly name: string
  readonly handle?: number
  /** It belongs to one rule. */
  readonly anonymous?: boolean
  /** Absent where the type is one that netloom doesn't know: keys are bytes then. */
  readonly key?: TypeNames
  readonly value?: TypeNames | 'verdict'
  readonly object?: ObjectKindName
  readonly interval?: boolean
  readonly constant?: boolean
  readonly dynamic?: boolean
  readonly timeout?: number
  readonly gcInterval?: number
  readonly size?: number
  readonly policy?: 'performance' | 'memory'
  readonly autoMerge?: boolean
  readonly expressions?: StatefulExpression[]
  readonly comment?: string
  readonly keyType: number
  readonly keyLength: number
  readonly valueType?: number
  readonly valueLength?: number
  readonly userdata?: UserdataAttribute[]
  /** What the kernel calls it by flags. */
  readonly flags: OutputOf<typeof setFlags>
}

/** `NFTNL_UDATA_SET_*`, libnftnl */
const udata = { keyByteOrder: 0, valueByteOrder: 1, mergeElements: 2, valueInterval: 6, comment: 7 } as const

/** `enum byteorder`, nftables' datatype.h */
const byteOrders = { concatenated: 0, host: 1, network: 2 } as const

const byteOrderOf = (type: DataType): number =>
  isConcatenated(type) ? byteOrders.concatenated : byteOrders[type.byteOrder]

/** Whether the elements of a set can be intervals, and of which types they are. */
export function layoutOf(set: SetSpec | NftSet): SetLayout {
  const key =
    set.key !== undefined ? within('key', () => typeNamed(set.key!)) : opaque(set.keyLength ?? missingKey())
  return { key, value: valueLayout(set), interval: set.interval === true }
}

function valueLayout(set: SetSpec | NftSet): SetLayout['value'] {
  if (set.object !== undefined) return 'object'
  const { value } = set
  if (value === 'verdict' || set.valueType === verdictType) return 'verdict'
  if (value !== undefined) return within('value', () => typeNamed(value))
  return set.valueLength === undefined ? undefined : opaque(set.valueLength)
}

function missingKey(): never {
  throw new InvalidType(undefined, 'given', 'ERR_MISSING_FIELD').within('key')
}

const policies = ['performance', 'memory']

/** The message that makes a set. */
export function setInput(spec: SetSpec | NftSet, id: number, anonymous = false): SetMessageInput {
  const layout = layoutOf(spec)
  const { key, value } = layout
  if (spec.policy !== undefined && !policies.includes(spec.policy)) {
    within('policy', () => invalidValue(spec.policy, 'one of "performance", "memory"'))
  }
  const expressions = expressionsOf(spec)
  const flags = [
    ...(anonymous ? (['anonymous'] as const) : []),
    ...(spec.constant === true || anonymous ? (['constant'] as const) : []),
    ...(spec.interval === true ? (['interval'] as const) : []),
    ...(spec.dynamic === true ? (['dynamic'] as const) : []),
    ...(spec.timeout === undefined ? [] : (['timeout'] as const)),
    ...(value === undefined || value === 'object' ? [] : (['map'] as const)),
    ...(value === 'object' ? (['object'] as const) : []),
    ...(spec.interval === true && isConcatenated(key) ? (['concatenation'] as const) : []),
    // Whoever reads a set that holds expressions must know of it.
    ...(expressions.length > 1 ? (['expressions'] as const) : [])
  ]
  return {
    family: spec.family,
    table: spec.table,
    name: spec.name,
    id,
    flags,
    keyType: spec.keyType ?? key.id,
    keyLength: key.size,
    ...valueAttributes(spec, value),
    ...(spec.policy === undefined ? {} : { policy: spec.policy }),
    ...describe(spec, key),
    ...(spec.timeout === undefined || spec.timeout === 0
      ? {}
      : { timeout: within('timeout', () => milliseconds(spec.timeout!)) }),
    ...(spec.gcInterval === undefined
      ? {}
      : { gcInterval: within('gcInterval', () => milliseconds(spec.gcInterval!)) }),
    userdata: setUserdata(spec, layout),
    ...(expressions.length > 1 ? { expressions } : { expression: expressions[0] })
  }
}

function expressionsOf({ expressions = [] }: SetSpec | NftSet): readonly StatefulExpressionInput[] {
  const list: unknown = expressions
  if (!Array.isArray(list)) within('expressions', () => invalidType(list, 'an array of expressions'))
  return expressions
}

function valueAttributes(spec: SetSpec | NftSet, value: SetLayout['value']): Partial<SetMessageInput> {
  if (value === undefined) return {}
  if (value === 'object') return { objectType: spec.object }
  if (value === 'verdict') return { dataType: verdictType, dataLength: 0 }
  return { dataType: spec.valueType ?? value.id, dataLength: value.size }
}

function describe(spec: SetSpec | NftSet, key: DataType): Partial<SetMessageInput> {
  const fields =
    isConcatenated(key) && spec.interval === true
      ? key.parts.map(({ size }) => ({ length: size }))
      : undefined
  if (spec.size === undefined && fields === undefined) return {}
  return { description: { size: spec.size, fields } }
}

/** What nft needs to print a set: the byte order of numbers, and what it would do when adding. */
function setUserdata(spec: SetSpec | NftSet, { key, value }: SetLayout): Uint8Array | undefined {
  const given = spec.userdata ?? []
  const has = (type: number): boolean => given.some((attribute) => attribute.type === type)
  const own: UserdataAttribute[] = []
  if (!has(udata.keyByteOrder)) own.push(numberUserdata(udata.keyByteOrder, byteOrderOf(key)))
  if (value !== undefined && value !== 'object' && !has(udata.valueByteOrder)) {
    own.push(numberUserdata(udata.valueByteOrder, value === 'verdict' ? 0 : byteOrderOf(value)))
  }
  if (spec.autoMerge === true) own.push(numberUserdata(udata.mergeElements, 1))
  if (value !== undefined && value !== 'object' && !has(udata.valueInterval)) {
    own.push(numberUserdata(udata.valueInterval, 0))
  }
  if (spec.comment !== undefined) own.push(commentUserdata(udata.comment, spec.comment))
  return joinUserdata([...own, ...given].sort((a, b) => a.type - b.type))
}

/** Types that are part of a byte: the keys of a rule's own set lie where they lie in the packet. */
const partsOfBytes: readonly unknown[] = ['dscp', 'ecn']

function keyNames({ flags = [], keyType, keyLength }: SetMessage): TypeNames | undefined {
  const names = typeNames(keyType, keyLength)
  return flags.includes('anonymous') && partsOfBytes.includes(names) ? undefined : names
}

/** A set as users see it. */
export function readSet(message: SetMessage): NftSet {
  const { flags = [], keyType = 0, keyLength = 0, description } = message
  const attributes = readUserdata(message.userdata)
  const comment = userdataText(attributes, udata.comment)
  const rest = attributes.filter(({ type }) => type !== udata.comment && type !== udata.mergeElements)
  const key = keyNames(message)
  const isMap = flags.includes('map')
  const value = !isMap
    ? undefined
    : message.dataType === verdictType
      ? 'verdict'
      : typeNames(message.dataType, message.dataLength)
  const expressions =
    message.expressions ?? (message.expression === undefined ? undefined : [message.expression])
  const timeout = flags.includes('timeout') ? Number(message.timeout ?? 0) / 1000 : undefined
  return {
    family: message.family as NftFamily,
    table: message.table!,
    name: message.name!,
    ...(message.handle === undefined ? {} : { handle: message.handle }),
    ...(flags.includes('anonymous') ? { anonymous: true } : {}),
    ...(key === undefined ? {} : { key }),
    ...(value === undefined ? {} : { value }),
    ...(message.objectType === undefined ? {} : { object: message.objectType as ObjectKindName }),
    ...(flags.includes('interval') ? { interval: true } : {}),
    ...(flags.includes('constant') ? { constant: true } : {}),
    ...(flags.includes('dynamic') ? { dynamic: true } : {}),
    ...(timeout === undefined ? {} : { timeout }),
    ...(message.gcInterval === undefined ? {} : { gcInterval: message.gcInterval / 1000 }),
    ...(description?.size === undefined ? {} : { size: description.size }),
    ...(message.policy === undefined ? {} : { policy: message.policy as 'performance' | 'memory' }),
    ...(userdataNumber(attributes, udata.mergeElements) === 1 ? { autoMerge: true } : {}),
    ...(expressions === undefined ? {} : { expressions }),
    ...(comment === undefined ? {} : { comment }),
    keyType,
    keyLength,
    ...(isMap && message.dataType !== undefined ? { valueType: message.dataType } : {}),
    ...(isMap && message.dataLength !== undefined ? { valueLength: message.dataLength } : {}),
    ...(rest.length === 0 ? {} : { userdata: rest }),
    flags
  }
}
