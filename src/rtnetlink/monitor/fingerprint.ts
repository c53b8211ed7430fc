/** An object's state as text, without the properties in `without`, however deep they lie. */
export function fingerprint(value: object, without: readonly string[]): string {
  return textOf(value, without)
}

/** Whether two objects have the same state, apart from the properties in `without`. */
export function sameState(a: unknown, b: unknown, without: readonly string[]): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || a instanceof Uint8Array) {
    const other = b as readonly unknown[]
    return a.length === other.length && a.every((item: unknown, i) => sameState(item, other[i], without))
  }
  return within(a, b, without) && within(b, a, without, true)
}

/** Whether all that `a` has is so in `b`; with `present`, whether it is there at all. */
function within(a: object, b: object, without: readonly string[], present = false): boolean {
  for (const key in a) {
    const value = (a as Record<string, unknown>)[key]
    if (value === undefined || without.includes(key)) continue
    const other = (b as Record<string, unknown>)[key]
    if (present ? other === undefined : !sameState(value, other, without)) return false
  }
  return true
}

function textOf(value: unknown, without: readonly string[]): string {
  // A string tells its length, so that no two states have the same text.
  if (typeof value === 'string') return `${value.length}:${value}`
  if (typeof value !== 'object' || value === null) return String(value)
  if (Array.isArray(value) || value instanceof Uint8Array) {
    let items = '['
    for (const item of value as Iterable<unknown>) items += `${textOf(item, without)},`
    return `${items}]`
  }
  let properties = '{'
  for (const key in value) {
    const item = (value as Record<string, unknown>)[key]
    if (item !== undefined && !without.includes(key)) properties += `${key}=${textOf(item, without)},`
  }
  return `${properties}}`
}
