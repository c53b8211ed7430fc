import { attribute, invalidType } from '../../codec/index.js'
import type { Field, Fields, Type } from '../../codec/index.js'
import type { IndexOf, NetlinkConnection } from '../../netlink/index.js'
import { linkReferences } from '../link-ref.js'
import type { LinkRef } from '../link-ref.js'

const expected = 'a link: its name, its index, or a Link of this stack'

/** The index of a link in 32 bits. Names and objects are resolved before anything is encoded; 0 is none. */
const linkIndex: Type<number, LinkRef> = {
  expected,
  size: 4,
  write(writer, value) {
    if (typeof value !== 'number') invalidType(value, expected)
    writer.u32(value)
  },
  read: (bytes, offset) =>
    (bytes[offset]! | (bytes[offset + 1]! << 8) | (bytes[offset + 2]! << 16) | (bytes[offset + 3]! << 24)) >>>
    0
}

/** A field whose value is a link: `resolvable` finds these. */
export interface Reference {
  readonly reference: true
}

/** An attribute that holds another link; where `clear` is given, `null` takes it away. */
export function linkReference(number: number): Field<number, LinkRef> & Reference
export function linkReference(
  number: number,
  options: { clear: 0 }
): Field<number, LinkRef | null> & Reference
export function linkReference(
  number: number,
  options?: { clear: 0 }
): Field<number, LinkRef | null> & Reference {
  const field: Field<number, LinkRef | null> =
    options === undefined
      ? (attribute(number, linkIndex) as Field<number, LinkRef | null>)
      : attribute(number, linkIndex, options)
  return { ...field, reference: true }
}

/** An object whose references to links can be replaced by indices once their names have been looked up. */
export interface Resolvable<S> {
  readonly needs: readonly string[]
  resolve(indexOf: IndexOf): S
}

/** Checks the references to links among the properties of `source`, and finds the names to look up. */
export function resolvable<S extends object>(
  fields: Fields,
  source: S,
  connection: NetlinkConnection | undefined
): Resolvable<S> {
  const keys = referencesOf(fields)
  return linkReferences(source as Record<string, unknown>, keys, connection) as unknown as Resolvable<S>
}

const references = new WeakMap<Fields, readonly string[]>()

function referencesOf(fields: Fields): readonly string[] {
  let keys = references.get(fields)
  if (keys === undefined) {
    keys = Object.keys(fields).filter((key) => 'reference' in fields[key]!)
    references.set(fields, keys)
  }
  return keys
}
