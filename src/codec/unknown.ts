import type { Target } from './field.js'
import { InvalidRange, InvalidType } from './invalid.js'
import type { Writer } from './writer.js'

/** An attribute that netloom does not know, kept as it came; written back as it is. */
export interface UnknownAttribute {
  /** The attribute's number, with its `NLA_F_*` flags. */
  readonly type: number
  readonly bytes: Uint8Array
}

const expected = 'an array of { type, bytes }'

/** Appends the attributes of an object's `unknown`. */
export function writeUnknown(writer: Writer, value: unknown): void {
  if (!Array.isArray(value)) throw new InvalidType(value, expected).within('unknown')
  const items = value as readonly (Partial<UnknownAttribute> | null | undefined)[]
  for (let i = 0; i < items.length; i++) {
    const item = items[i]
    const type = item?.type
    const bytes = item?.bytes
    if (typeof type !== 'number' || !(bytes instanceof Uint8Array)) {
      throw new InvalidType(item, '{ type: number, bytes: Uint8Array }').within(i).within('unknown')
    }
    if (!Number.isInteger(type) || type < 0 || type > 0xffff) {
      throw new InvalidRange(type, 'a whole number from 0 to 65535')
        .within('type')
        .within(i)
        .within('unknown')
    }
    if (bytes.length > 0xfffb) {
      throw new InvalidRange(bytes.length, 'at most 65531 bytes').within('bytes').within(i).within('unknown')
    }
    const start = writer.beginAttribute(type)
    writer.raw(bytes)
    writer.endAttribute(start)
  }
}

/** Keeps an attribute that no field of `target` understood. */
export function keepUnknown(target: Target, type: number, bytes: Uint8Array): void {
  const list = (target['unknown'] ??= []) as UnknownAttribute[]
  list.push({ type, bytes })
}
