import { attributeHeaderSize, attributeTypeMask, messageHeaderSize } from '../codec/index.js'
import { half, word } from './message.js'

/** What the schema of a request can tell about its bytes. */
export interface AttributeLocator {
  /** Bytes of the fixed header after `nlmsghdr`. */
  readonly headerSize: number
  keyOf(number: number): string | undefined
  locate(bytes: Uint8Array, offset: number, length: number, wanted: number): string | undefined
}

/** The path of the attribute that holds byte `offset` of a message, `nlmsghdr` included: `vxlan.id`. */
export function pathAt(message: Uint8Array, schema: AttributeLocator, offset: number): string | undefined {
  return schema.locate(message, messageHeaderSize, message.length - messageHeaderSize, offset)
}

/**
 * The path of attribute `type`, which the kernel missed: in the nest at byte `nest` of the message, or in
 * the message itself. What the schema doesn't know is told by its number, as in `vxlan.#7`.
 */
export function missingPath(
  message: Uint8Array,
  schema: AttributeLocator,
  type: number,
  nest: number | undefined
): string {
  if (nest === undefined) return schema.keyOf(type) ?? `#${type}`
  const place = pathAt(message, schema, nest)
  const added = withAttribute(message, schema.headerSize, type & attributeTypeMask, nest)
  const path = added === undefined ? undefined : pathAt(added, schema, nest + attributeHeaderSize)
  if (path !== undefined && path !== place) return path
  return place === undefined ? `#${type}` : `${place}.#${type}`
}

/**
 * The message with an empty attribute put first in a nest. The schema can tell the path of what is there,
 * not of what is missing; this makes the one the other.
 */
function withAttribute(
  message: Uint8Array,
  headerSize: number,
  type: number,
  nest: number
): Uint8Array | undefined {
  const around = enclosing(message, messageHeaderSize + ((headerSize + 3) & ~3), message.length, nest)
  if (around === undefined) return undefined
  const split = nest + attributeHeaderSize
  const added = new Uint8Array(message.length + attributeHeaderSize)
  added.set(message.subarray(0, split))
  added.set([attributeHeaderSize, 0, type & 0xff, type >>> 8], split)
  added.set(message.subarray(split), split + attributeHeaderSize)
  for (const at of around) {
    const length = half(message, at) + attributeHeaderSize
    if (length > 0xffff) return undefined
    added[at] = length
    added[at + 1] = length >>> 8
  }
  const length = word(message, 0) + attributeHeaderSize
  added.set([length, length >>> 8, length >>> 16, length >>> 24], 0)
  return added
}

/** Where the nest at `wanted`, and each one around it, begins. */
function enclosing(bytes: Uint8Array, from: number, end: number, wanted: number): number[] | undefined {
  let at = from
  while (at + attributeHeaderSize <= end) {
    const next = at + half(bytes, at)
    if (next < at + attributeHeaderSize || next > end) return undefined
    if (wanted === at) return [at]
    if (wanted < next) {
      const inner = enclosing(bytes, at + attributeHeaderSize, next, wanted)
      return inner === undefined ? undefined : [at, ...inner]
    }
    at = (next + 3) & ~3
  }
  return undefined
}
