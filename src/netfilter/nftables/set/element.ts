import {
  InvalidType,
  be32,
  be64,
  invalidRange,
  invalidType,
  isInvalid,
  within
} from '../../../codec/index.js'
import type { Writer } from '../../../codec/index.js'
import { commentUserdata } from '../comment.js'
import { isConcatenated } from '../datatype/concatenation.js'
import type { ConcatenatedType } from '../datatype/concatenation.js'
import { encodeValue } from '../datatype/datatype.js'
import type { DataType } from '../datatype/datatype.js'
import { ordered, parseInterval, successor } from '../datatype/interval.js'
import type { Interval } from '../datatype/interval.js'
import { statefulExpression } from '../expression/index.js'
import type { StatefulExpression, StatefulExpressionInput } from '../expression/index.js'
import { nftName } from '../names.js'
import { joinUserdata, numberUserdata } from '../userdata.js'
import type { UserdataAttribute } from '../userdata.js'
import { verdictData } from '../verdict.js'
import { verdictInput } from '../verdict-spec.js'
import type { ChainVerdict, VerdictSpec } from '../verdict-spec.js'
import type { SetLayout } from './layout.js'

/** A value of a data type, in the form that the type takes: an address as text, a port as a number. */
export type Value = string | number | bigint | boolean | Date | Uint8Array | readonly (string | number)[]

/** What a map has for a key: a value, a verdict (`'accept'`, `{ jump }`), or the name of an object. */
export type ElementValue = Value | ChainVerdict

/** A key: a value, an interval, or for a concatenated key an array of both. */
export type ElementKey = Value | Interval<Value> | readonly (Value | Interval<Value>)[]

/** An element with everything that it can have; a bare key stands for `{ key }`. */
export interface ElementSpec {
  /** `'*'` is the catch-all element, which matches what nothing else does (Linux 5.13). */
  readonly key: ElementKey
  /** What a map has for the key: a value, a verdict, or the name of an object. */
  readonly value?: ElementValue | undefined
  /** Seconds until it vanishes; the set's own when absent. */
  readonly timeout?: number | undefined
  /** Seconds that are left of it; all of the timeout when absent. */
  readonly expires?: number | undefined
  readonly comment?: string | undefined
  /** What belongs to the element alone: a counter, a limit. */
  readonly expressions?: readonly StatefulExpressionInput[] | undefined
  /** What other programs keep with the element (libnftnl, udata.h). */
  readonly userdata?: readonly UserdataAttribute[] | undefined
}

/** An element of a set, as the kernel has it. */
export interface SetElement {
  readonly key: ElementKey
  readonly value?: unknown
  readonly timeout?: number
  readonly expires?: number
  readonly comment?: string
  readonly expressions?: StatefulExpression[]
  readonly userdata?: UserdataAttribute[]
}

/** `NFTA_SET_ELEM_*` and `NFTA_DATA_*`, linux/netfilter/nf_tables.h, with `NLA_F_NESTED` */
const NFTA_LIST_ELEM = 1 | 0x8000
const NFTA_SET_ELEM_KEY = 1 | 0x8000
const NFTA_SET_ELEM_DATA = 2 | 0x8000
const NFTA_SET_ELEM_FLAGS = 3
const NFTA_SET_ELEM_TIMEOUT = 4
const NFTA_SET_ELEM_EXPIRATION = 5
const NFTA_SET_ELEM_USERDATA = 6
const NFTA_SET_ELEM_EXPR = 7 | 0x8000
const NFTA_SET_ELEM_OBJREF = 9
const NFTA_SET_ELEM_KEY_END = 10 | 0x8000
const NFTA_SET_ELEM_EXPRESSIONS = 11 | 0x8000
const NFTA_DATA_VALUE = 1
const NFTA_DATA_VERDICT = 2 | 0x8000
const NFT_SET_ELEM_INTERVAL_END = 1
const NFT_SET_ELEM_CATCHALL = 2

/** `NFTNL_UDATA_SET_ELEM_*`, libnftnl */
const commentAttribute = 0
const flagsAttribute = 1
const intervalOpen = 1

const specKeys = new Set(['key', 'value', 'timeout', 'expires', 'comment', 'expressions', 'userdata'])

/** True for an element in its long form. */
function isElementSpec(given: unknown): given is ElementSpec {
  return typeof given === 'object' && given !== null && 'key' in given && !Array.isArray(given)
}

/** Appends an element of a set, in as many parts as its kind of set takes. How many there were is returned. */
export function writeElement(writer: Writer, layout: SetLayout, given: ElementSpec | ElementKey): number {
  const element: ElementSpec = isElementSpec(given) ? given : { key: given }
  if (isElementSpec(given)) refuseUnknownKeys(given)
  if (layout.value !== undefined && layout.interval && element.value === undefined) refuseMissingValue()
  const { key } = layout
  if (element.key === '*') {
    const start = writer.beginAttribute(NFTA_LIST_ELEM)
    numberAttribute(writer, NFTA_SET_ELEM_FLAGS, NFT_SET_ELEM_CATCHALL)
    writeRest(writer, layout, element, false)
    writer.endAttribute(start)
    return 1
  }
  if (!layout.interval) {
    const start = writer.beginAttribute(NFTA_LIST_ELEM)
    writePlainKey(writer, key, element.key)
    writeRest(writer, layout, element, false)
    writer.endAttribute(start)
    return 1
  }
  return isConcatenated(key)
    ? writeTuple(writer, layout, key, element)
    : writeInterval(writer, layout, key, element)
}

function writePlainKey(writer: Writer, type: DataType, key: ElementKey): void {
  const outer = writer.beginAttribute(NFTA_SET_ELEM_KEY)
  const inner = writer.beginAttribute(NFTA_DATA_VALUE)
  try {
    type.write(writer, key as never)
  } catch (error) {
    throw isInvalid(error) ? error.within('key') : error
  }
  writer.endAttribute(inner)
  writer.endAttribute(outer)
}

/** An interval is two elements: where it begins, and where it has ended. */
function writeInterval(writer: Writer, layout: SetLayout, type: DataType, element: ElementSpec): number {
  const { from, to } = within('key', () => {
    const interval = parseInterval(type, element.key)
    if (interval !== undefined) return interval
    const value = ordered(type, encodeValue(type, element.key))
    return { from: value, to: value }
  })
  const end = successor(to)
  const start = writer.beginAttribute(NFTA_LIST_ELEM)
  dataAttribute(writer, NFTA_SET_ELEM_KEY, from)
  writeRest(writer, layout, element, end === undefined)
  writer.endAttribute(start)
  if (end === undefined) return 1
  const last = writer.beginAttribute(NFTA_LIST_ELEM)
  dataAttribute(writer, NFTA_SET_ELEM_KEY, end)
  numberAttribute(writer, NFTA_SET_ELEM_FLAGS, NFT_SET_ELEM_INTERVAL_END)
  writer.endAttribute(last)
  return 2
}

/** A concatenation of intervals is one element: where each begins, and where each ends. */
function writeTuple(writer: Writer, layout: SetLayout, type: ConcatenatedType, element: ElementSpec): number {
  const from = new Uint8Array(type.size)
  const to = new Uint8Array(type.size)
  within('key', () => {
    const values: unknown = element.key
    if (!Array.isArray(values)) invalidType(values, type.expected)
    if (values.length !== type.parts.length) invalidRange(values.length, type.expected)
    let at = 0
    type.parts.forEach((part, index) => {
      within(index, () => {
        const interval = parseInterval(part, values[index])
        const value = interval?.from ?? ordered(part, encodeValue(part, values[index]))
        from.set(value, at)
        to.set(interval?.to ?? value, at)
      })
      at += (part.size + 3) & ~3
    })
  })
  const start = writer.beginAttribute(NFTA_LIST_ELEM)
  dataAttribute(writer, NFTA_SET_ELEM_KEY, from)
  dataAttribute(writer, NFTA_SET_ELEM_KEY_END, to)
  writeRest(writer, layout, element, false)
  writer.endAttribute(start)
  return 1
}

/** Appends what an element has beside its key. */
function writeRest(writer: Writer, layout: SetLayout, element: ElementSpec, open: boolean): void {
  const { value, timeout, expires, comment, expressions, userdata } = element
  if (value !== undefined) writeValue(writer, layout, value)
  if (timeout !== undefined) durationAttribute(writer, NFTA_SET_ELEM_TIMEOUT, 'timeout', timeout)
  if (expires !== undefined) durationAttribute(writer, NFTA_SET_ELEM_EXPIRATION, 'expires', expires)
  if (comment !== undefined || userdata !== undefined || open) {
    const given = userdata?.filter(({ type }) => type !== commentAttribute && type !== flagsAttribute) ?? []
    const all = [
      ...(comment === undefined ? [] : [commentUserdata(commentAttribute, comment)]),
      ...(open ? [numberUserdata(flagsAttribute, intervalOpen)] : []),
      ...given
    ]
    const bytes = joinUserdata(all)
    if (bytes !== undefined) {
      const start = writer.beginAttribute(NFTA_SET_ELEM_USERDATA)
      writer.raw(bytes)
      writer.endAttribute(start)
    }
  }
  if (expressions !== undefined) writeExpressions(writer, expressions)
}

function writeExpressions(writer: Writer, expressions: readonly StatefulExpressionInput[]): void {
  within('expressions', () => {
    if (!Array.isArray(expressions)) invalidType(expressions, 'an array of expressions')
    const list = expressions as readonly StatefulExpressionInput[]
    if (list.length === 0) return
    const outer = list.length > 1 ? writer.beginAttribute(NFTA_SET_ELEM_EXPRESSIONS) : -1
    list.forEach((each, index) => {
      const start = writer.beginAttribute(outer < 0 ? NFTA_SET_ELEM_EXPR : NFTA_LIST_ELEM)
      within(index, () => statefulExpression.write(writer, each))
      writer.endAttribute(start)
    })
    if (outer >= 0) writer.endAttribute(outer)
  })
}

/** Appends what a map has for a key. */
function writeValue(writer: Writer, { value: type }: SetLayout, value: ElementValue): void {
  try {
    if (type === undefined) invalidType(value, 'absent: this set is no map')
    if (type === 'object') {
      const start = writer.beginAttribute(NFTA_SET_ELEM_OBJREF)
      nftName.write(writer, value as string)
      writer.endAttribute(start)
      return
    }
    const start = writer.beginAttribute(NFTA_SET_ELEM_DATA)
    const inner = writer.beginAttribute(type === 'verdict' ? NFTA_DATA_VERDICT : NFTA_DATA_VALUE)
    if (type === 'verdict') verdictData.write(writer, verdictInput(value as VerdictSpec))
    else type.write(writer, value as never)
    writer.endAttribute(inner)
    writer.endAttribute(start)
  } catch (error) {
    throw isInvalid(error) ? error.within('value') : error
  }
}

function refuseMissingValue(): never {
  throw new InvalidType(undefined, 'given: this set is a map', 'ERR_MISSING_FIELD').within('value')
}

function refuseUnknownKeys(element: object): void {
  for (const key in element) {
    const value: unknown = element[key as never]
    if (value === undefined || specKeys.has(key)) continue
    const why = `no key of an element; its keys are ${[...specKeys].join(', ')}`
    throw new InvalidType(value, why, 'ERR_UNKNOWN_FIELD').within(key)
  }
}

function dataAttribute(writer: Writer, number: number, value: Uint8Array): void {
  const start = writer.beginAttribute(number)
  const inner = writer.beginAttribute(NFTA_DATA_VALUE)
  writer.raw(value)
  writer.endAttribute(inner)
  writer.endAttribute(start)
}

function numberAttribute(writer: Writer, number: number, value: number): void {
  const start = writer.beginAttribute(number)
  be32.write(writer, value)
  writer.endAttribute(start)
}

const mostSeconds = 2 ** 53 / 1000

function durationAttribute(writer: Writer, number: number, key: string, seconds: number): void {
  const start = writer.beginAttribute(number)
  within(key, () => be64.write(writer, milliseconds(seconds)))
  writer.endAttribute(start)
}

/** Whole milliseconds of a number of seconds. */
export function milliseconds(seconds: number): number {
  const expected = `a number of seconds from 0 to ${Math.floor(mostSeconds)}`
  if (typeof seconds !== 'number') invalidType(seconds, expected)
  if (!(seconds >= 0 && seconds < mostSeconds)) invalidRange(seconds, expected)
  return Math.round(seconds * 1000)
}
