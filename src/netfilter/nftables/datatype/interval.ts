import {
  invalidRange,
  invalidType,
  invalidValue,
  isInvalid,
  parsePrefix,
  within
} from '../../../codec/index.js'
import { encodeValue } from './datatype.js'
import type { DataType } from './datatype.js'

/** All values from one to another, both included. */
export interface Interval<V> {
  readonly from: V
  readonly to: V
}

/** An interval as bytes in network byte order, whatever the type's own; with the length where it is a prefix. */
export interface IntervalBytes {
  readonly from: Uint8Array
  readonly to: Uint8Array
  readonly prefixLength?: number
}

/** The bytes of a value in the other byte order. */
export function reversed(bytes: Uint8Array): Uint8Array {
  return bytes.slice().reverse()
}

/** The bytes of a value in network byte order. */
export function ordered(type: DataType, bytes: Uint8Array): Uint8Array {
  return type.byteOrder === 'host' && type.name !== 'ifname' && type.name !== 'string'
    ? reversed(bytes)
    : bytes
}

/** Reads a value as an interval if it is one: `{ from, to }`, a prefix, or a text such as `'80-90'`. */
export function parseInterval(type: DataType, value: unknown): IntervalBytes | undefined {
  if (isInterval(value)) {
    const from = within('from', () => ordered(type, encodeValue(type, value.from)))
    const to = within('to', () => ordered(type, encodeValue(type, value.to)))
    if (compareBytes(from, to) > 0) invalidRange(value, 'an interval that begins before it ends')
    return { from, to }
  }
  if (typeof value !== 'string' || type.intervals === undefined) return undefined
  if (type.intervals === 'address' && value.includes('/')) return prefixInterval(type, value)
  const dash = value.indexOf('-')
  if (dash < 0) return undefined
  const parts = { from: value.slice(0, dash).trim(), to: value.slice(dash + 1).trim() }
  if (type.intervals === 'number' && !(/^\w+$/.test(parts.from) && /^\w+$/.test(parts.to))) return undefined
  try {
    return parseInterval(type, parts)
  } catch (error) {
    // A name with a dash in it is no interval.
    if (!isInvalid(error) || type.intervals === 'address') throw error
    return undefined
  }
}

export function isInterval(value: unknown): value is Interval<unknown> {
  return typeof value === 'object' && value !== null && 'from' in value && 'to' in value
}

function prefixInterval(type: DataType, value: string): IntervalBytes {
  const { address, length } = parsePrefix(value)
  const from = encodeValue(type, address)
  if (length > from.length * 8) invalidType(value, type.expected)
  const to = from.slice()
  for (let bit = length; bit < from.length * 8; bit++) {
    const mask = 0x80 >>> (bit & 7)
    if ((from[bit >>> 3]! & mask) !== 0) invalidValue(value, 'a prefix without host bits')
    to[bit >>> 3]! |= mask
  }
  return { from, to, prefixLength: length }
}

export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!
  return 0
}

/** The value after the last of an interval; `undefined` where there is none. */
export function successor(bytes: Uint8Array): Uint8Array | undefined {
  const next = bytes.slice()
  for (let i = next.length - 1; i >= 0; i--) {
    next[i] = (next[i]! + 1) & 0xff
    if (next[i] !== 0) return next
  }
  return undefined
}

/** The value before another; `undefined` for zero. */
export function predecessor(bytes: Uint8Array): Uint8Array | undefined {
  const before = bytes.slice()
  for (let i = before.length - 1; i >= 0; i--) {
    before[i] = (before[i]! - 1) & 0xff
    if (before[i] !== 0xff) return before
  }
  return undefined
}

/** The length of the prefix that an interval is; `undefined` if it is none. */
export function prefixLengthOf(from: Uint8Array, to: Uint8Array): number | undefined {
  let length = 0
  const bits = from.length * 8
  const bit = (bytes: Uint8Array, i: number): number => (bytes[i >>> 3]! >>> (7 - (i & 7))) & 1
  while (length < bits && bit(from, length) === bit(to, length)) length++
  for (let i = length; i < bits; i++) if (bit(from, i) !== 0 || bit(to, i) !== 1) return undefined
  return length
}
