import {
  InvalidType,
  invalidRange,
  invalidType,
  refuseOtherKeys,
  requireObject,
  within
} from '../codec/index.js'

/** Refuses what is no object, and keys that it may not have. */
export function checkObject(value: unknown, keys: readonly string[], expected: string): void {
  requireObject(value, expected)
  refuseOtherKeys(value, keys)
}

/** Refuses what is no boolean. `undefined` passes. */
export function checkBoolean(value: unknown, key: string): void {
  if (value !== undefined && typeof value !== 'boolean') {
    throw new InvalidType(value, 'true or false').within(key)
  }
}

/** Refuses what is no whole number from `min` to `max`. `undefined` passes. */
export function checkInteger(value: unknown, key: string, min: number, max: number): void {
  if (value === undefined) return
  const expected = `a whole number from ${min} to ${max}`
  within(key, () => {
    if (typeof value !== 'number') invalidType(value, expected)
    if (!Number.isInteger(value) || value < min || value > max) invalidRange(value, expected)
  })
}

const expectedText = 'a string without a NUL'

/** Refuses what can't be handed to a system call as a string. `undefined` passes. */
export function checkText(value: unknown, key: string | number): void {
  if (value === undefined) return
  if (typeof value !== 'string') throw new InvalidType(value, expectedText).within(key)
  if (value.includes('\0')) throw new InvalidType(value, expectedText, 'ERR_INVALID_ARG_VALUE').within(key)
}

/** The call options that every async method takes. */
export const callKeys = ['signal', 'timeout'] as const
