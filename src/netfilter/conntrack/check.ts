import { InvalidRange, InvalidType, familyOf, refuseOtherKeys, requireObject } from '../../codec/index.js'
import type { TupleSpec } from './tuple.js'

/** Refuses a tuple without a source, which tells its family; the rest is checked when it is written. */
export function checkSource(value: TupleSpec, key: string): void {
  if (typeof value !== 'object' || value === null)
    throw new InvalidType(value, 'an object { source, destination, protocol, … }').within(key)
  const { source } = value
  if (typeof source === 'string') return
  const code = source === undefined ? 'ERR_MISSING_FIELD' : 'ERR_INVALID_ARG_TYPE'
  const expected = 'an IP address such as "10.0.0.1" or "fd00::1"'
  throw new InvalidType(source, expected, code).within('source').within(key)
}

/** Refuses tuples of different families in one object. */
export function sameFamily(first: TupleSpec, other: TupleSpec, key: string, of = 'original'): void {
  const family = familyOf(first.source)
  if (familyOf(other.source) === family) return
  const expected = `an address of the family ${family}, as in ${of}`
  throw new InvalidType(other.source, expected, 'ERR_INVALID_ARG_VALUE').within('source').within(key)
}

/** Refuses keys that another object of the same schema has. */
export function refuseKeys(value: object, keys: readonly string[]): void {
  for (const key of keys) {
    const given = (value as Record<string, unknown>)[key]
    if (given === undefined) continue
    throw new InvalidType(given, 'absent: it can not be set here', 'ERR_UNKNOWN_FIELD').within(key)
  }
}

/** Refuses a value with bits that its mask leaves out: it would never match, or change other bits. */
export function checkMask(value: unknown, mask: unknown, key: string, maskKey: string): void {
  if (typeof value !== 'number' || typeof mask !== 'number') return
  if ((value & ~mask) !== 0) throw new InvalidRange(value, `without bits outside of ${maskKey}`).within(key)
}

/** Refuses an object that lacks a key. */
export function missing(key: string): never {
  throw new InvalidType(undefined, 'given', 'ERR_MISSING_FIELD').within(key)
}

/**
 * Refuses to flush by a filter that matches everything: one without keys, or whose values came out undefined,
 * is more likely a mistake than meant.
 */
export function checkFlush(filter: unknown, restricts: boolean): void {
  if (filter === 'all' || restricts) return
  const expected = 'a filter that does not match everything, or "all"'
  throw new InvalidType(filter, expected, 'ERR_MISSING_FIELD').within('filter')
}

/** Refuses a filter with a key that it does not have. */
export function checkFilterKeys(filter: unknown, keys: readonly string[]): void {
  requireObject(filter, 'a filter: an object')
  refuseOtherKeys(filter, keys, 'filter')
}

/** Refuses what is no family. */
export function checkFamily(family: unknown): void {
  if (family === undefined || family === 'inet' || family === 'inet6') return
  throw new InvalidType(family, '"inet" or "inet6"', 'ERR_INVALID_ARG_VALUE').within('family')
}
