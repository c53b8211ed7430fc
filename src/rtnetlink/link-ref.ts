import { InvalidType, Writer, alternativeName, invalidRange, invalidType, within } from '../codec/index.js'
import type { IndexOf, NetlinkConnection } from '../netlink/index.js'

/**
 * A link by its name or alternative name, its index, or as an object that was read from the same stack. An
 * index costs no look-up.
 */
export type LinkRef = string | number | LinkObject

/** What a `Link` has that matters here. */
export interface LinkObject {
  readonly index: number
  readonly name?: string | undefined
}

/** Which stack an object was read from. A link's index means nothing in another namespace. */
const owners = new WeakMap<object, NetlinkConnection>()

/** Remembers that `link` was read over `connection`. */
export function own<T extends object>(link: T, connection: NetlinkConnection): T {
  owners.set(link, connection)
  return link
}

const expected = 'a link: its name, its index, or a Link of this stack'
const scratch = new Writer(256)

/** Checks a reference and gives the name that must be looked up, or the index. `field` names it in errors. */
export function checkLinkRef(
  ref: unknown,
  connection: NetlinkConnection | undefined,
  field: string
): string | number {
  return within(field, () => check(ref, connection))
}

/**
 * The links that some properties of a spec refer to. `needs` are the names to look up; `resolve` gives the
 * spec with an index in place of each reference.
 */
export function linkReferences<S extends object, K extends keyof S & string>(
  spec: S,
  keys: readonly K[],
  connection: NetlinkConnection | undefined
): {
  readonly needs: readonly string[]
  resolve(indexOf: IndexOf): Omit<S, K> & { [P in K]?: number | null | undefined }
} {
  type Resolved = Omit<S, K> & { [P in K]?: number | null | undefined }
  const checked: [K, string | number][] = []
  const needs: string[] = []
  for (const key of keys) {
    const ref = spec[key]
    if (ref === undefined || ref === null) continue
    const target = checkLinkRef(ref, connection, key)
    if (typeof target === 'string') needs.push(target)
    if (target !== ref || typeof target === 'string') checked.push([key, target])
  }
  return {
    needs,
    resolve(indexOf) {
      if (checked.length === 0) return spec
      const resolved = { ...spec } as Record<string, unknown>
      for (const [key, target] of checked)
        resolved[key] = typeof target === 'number' ? target : indexOf(target)
      return resolved as unknown as Resolved
    }
  }
}

function check(ref: unknown, connection: NetlinkConnection | undefined): string | number {
  if (typeof ref === 'number') {
    if (!Number.isInteger(ref) || ref < 1 || ref > 0x7fffffff)
      invalidRange(ref, 'a link index from 1 to 2147483647')
    return ref
  }
  if (typeof ref === 'string') {
    scratch.position = 0
    alternativeName.write(scratch, ref)
    scratch.truncate(0)
    return ref
  }
  if (typeof ref === 'object' && ref !== null && typeof (ref as LinkObject).index === 'number') {
    const owner = owners.get(ref)
    if (owner !== undefined && connection !== undefined && owner !== connection) {
      throw new InvalidType(ref, 'a Link of this stack, not of another', 'ERR_FOREIGN_LINK')
    }
    return check((ref as LinkObject).index, connection)
  }
  return invalidType(ref, expected)
}
