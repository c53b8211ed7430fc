import { InvalidType, requireObject, within } from '../../codec/index.js'

/** Refuses what is no object of strings. `undefined` passes. */
export function checkStringMap(
  value: unknown,
  field: string
): asserts value is Readonly<Record<string, string>> | undefined {
  if (value === undefined) return
  within(field, () => {
    requireObject(value, 'an object of strings')
    for (const [key, text] of Object.entries(value)) {
      if (typeof text !== 'string') throw new InvalidType(text, 'a string').within(key)
    }
  })
}
