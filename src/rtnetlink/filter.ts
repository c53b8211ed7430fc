import { InvalidType, refuseOtherKeys, requireObject, within } from '../codec/index.js'
import type { EnumerationType } from '../codec/index.js'
import { AF_INET, AF_INET6, AF_UNSPEC } from './rtnetlink.js'

/** Refuses a filter with a key that it does not have: a misspelt one would match everything. */
export function checkFilter(filter: unknown, keys: readonly string[]): void {
  requireObject(filter, 'a filter: an object')
  refuseOtherKeys(filter, keys, 'filter')
}

/** A value of a filter as reading would give it: the name where there is one. Unknown names are refused. */
export function filterValue<Name extends string>(
  type: EnumerationType<Name>,
  value: Name | number | undefined,
  key: string
): Name | number | undefined {
  return value === undefined ? undefined : within(key, () => type.nameOf(type.numberOf(value)))
}

/** Refuses to flush without saying what: a filter that holds nothing is more likely a mistake than meant. */
export function checkFlush(filter: object): void {
  const isEmpty =
    typeof filter === 'object' &&
    filter !== null &&
    Object.values(filter).every((value) => value === undefined)
  if (filter === undefined || isEmpty) {
    throw new InvalidType(filter, 'a filter with at least one key', 'ERR_MISSING_FIELD').within('filter')
  }
}

/** The number of an IP family, for objects that have no other; 0 for none. */
export function inetFamily(family: unknown): number {
  if (family === undefined) return AF_UNSPEC
  if (family === 'inet') return AF_INET
  if (family === 'inet6') return AF_INET6
  throw new InvalidType(family, '"inet" or "inet6"', 'ERR_INVALID_ARG_VALUE').within('family')
}
