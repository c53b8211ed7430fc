import { readComment } from '../comment.js'
import { isConcatenated } from '../datatype/concatenation.js'
import type { DataType } from '../datatype/datatype.js'
import { compareBytes, ordered, predecessor, prefixLengthOf } from '../datatype/interval.js'
import { readVerdict } from '../verdict-spec.js'
import type { ElementKey, SetElement, Value } from './element.js'
import type { SetLayout } from './layout.js'
import type { ElementAttributes } from './schema.js'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Elements as users see them: those of intervals joined, the others as they come. */
export function readElements(layout: SetLayout, elements: readonly ElementAttributes[]): SetElement[] {
  const { key } = layout
  if (!layout.interval || isConcatenated(key)) {
    return elements.map((element) => withRest(layout, readKey(key, element), element))
  }
  return joinIntervals(layout, elements)
}

function readKey(type: DataType, element: ElementAttributes): ElementKey {
  if (element.flags?.includes('catch-all') === true) return '*'
  const from = element.key?.value ?? new Uint8Array(type.size)
  const to = element.keyEnd?.value
  if (to === undefined) return valueOf(type, from)
  if (!isConcatenated(type)) return intervalOf(type, from, to)
  let at = 0
  return type.parts.map((part) => {
    const end = at + part.size
    const key = intervalOf(part, from.subarray(at, end), to.subarray(at, end))
    at += (part.size + 3) & ~3
    return key
  }) as ElementKey
}

function valueOf(type: DataType, bytes: Uint8Array): Value {
  if (bytes.length < type.size) return bytes
  return type.read(bytes, 0, type.size) as Value
}

/** An interval whose ends are in network byte order, in the shortest form. */
function intervalOf(type: DataType, from: Uint8Array, to: Uint8Array): ElementKey {
  const first = valueOf(type, ordered(type, from))
  if (compareBytes(from, to) === 0) return first
  const length = type.intervals === 'address' ? prefixLengthOf(from, to) : undefined
  if (length !== undefined) return `${first as string}/${length}`
  return { from: first, to: valueOf(type, ordered(type, to)) }
}

/** Joins where intervals begin and where they have ended. */
function joinIntervals(layout: SetLayout, elements: readonly ElementAttributes[]): SetElement[] {
  const { key: type } = layout
  const result: SetElement[] = []
  const bounds = elements.filter((element) => {
    if (element.flags?.includes('catch-all') !== true) return true
    result.push(withRest(layout, '*', element))
    return false
  })
  const isEnd = (element: ElementAttributes): boolean => element.flags?.includes('interval-end') === true
  const keyOf = (element: ElementAttributes): Uint8Array => element.key?.value ?? new Uint8Array(type.size)
  // Where one ends and another begins at once, the end comes first.
  bounds.sort((a, b) => compareBytes(keyOf(a), keyOf(b)) || Number(isEnd(b)) - Number(isEnd(a)))
  bounds.forEach((element, index) => {
    if (isEnd(element)) return
    const from = keyOf(element)
    const next = bounds[index + 1]
    const last = next === undefined ? undefined : predecessor(keyOf(next))
    const to = element.keyEnd?.value ?? last ?? new Uint8Array(from.length).fill(0xff)
    result.push(withRest(layout, intervalOf(type, from, to), element))
  })
  return result
}

function withRest(layout: SetLayout, key: ElementKey, element: ElementAttributes): SetElement {
  const { timeout, expiration, expression, expressions, userdata } = element
  const result: Mutable<SetElement> = { key }
  const value = readValue(layout, element)
  if (value !== undefined) result.value = value
  if (timeout !== undefined) result.timeout = Number(timeout) / 1000
  if (expiration !== undefined) result.expires = Number(expiration) / 1000
  const stateful = expressions ?? (expression === undefined ? undefined : [expression])
  if (stateful !== undefined) result.expressions = stateful
  if (userdata !== undefined) addUserdata(result, userdata)
  return result
}

function addUserdata(result: Mutable<SetElement>, bytes: Uint8Array): void {
  const { comment, userdata = [] } = readComment(bytes)
  if (comment !== undefined) result.comment = comment
  // That an interval has no end is told by the elements themselves.
  const rest = userdata.filter(({ type }) => type !== 1)
  if (rest.length > 0) result.userdata = rest
}

function readValue({ value: type }: SetLayout, element: ElementAttributes): unknown {
  if (type === 'object' || element.object !== undefined) return element.object
  const { data } = element
  if (data === undefined) return undefined
  if (data.verdict !== undefined) return readVerdict(data.verdict)
  if (data.value === undefined || type === undefined || type === 'verdict') return data.value
  return valueOf(type, data.value)
}
