import { InvalidType } from './invalid.js'

/** Refuses keys that an object does not have: a misspelt one would be taken for absent. */
export function refuseOtherKeys(value: object, keys: readonly string[], what = 'object'): void {
  for (const [key, given] of Object.entries(value) as [string, unknown][]) {
    if (given === undefined || keys.includes(key)) continue
    const expected = `no key of this ${what}; its keys are ${keys.join(', ')}`
    throw new InvalidType(given, expected, 'ERR_UNKNOWN_FIELD').within(key)
  }
}
