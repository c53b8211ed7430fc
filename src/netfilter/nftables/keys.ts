import { InvalidType, invalidType } from '../../codec/index.js'

/** Refuses what is no object, and keys that it may not have. */
export function checkKeys(value: unknown, keys: readonly string[], what: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) invalidType(value, what)
  for (const [key, given] of Object.entries(value)) {
    if (given === undefined || keys.includes(key)) continue
    const why = `no key of ${what}; its keys are ${keys.join(', ')}`
    throw new InvalidType(given, why, 'ERR_UNKNOWN_FIELD').within(key)
  }
}
