import type { Field } from './field.js'
import { invalidType, isInvalid } from './invalid.js'
import { u32, type NumberType } from './number.js'
import type { Type } from './type.js'
import { attributeHeaderSize, attributeTypeMask, type Writer } from './writer.js'

const expectedBoolean = 'true or false'

function requireBoolean(value: unknown): asserts value is boolean {
  if (typeof value !== 'boolean') invalidType(value, expectedBoolean)
}

/** Sets or clears the bits of `mask` in a number that was written at `at`. */
function assign(writer: Writer, at: number, type: NumberType, mask: number, value: boolean): void {
  const before = type.read(writer.bytes, at, type.size)
  const end = writer.position
  writer.position = at
  type.write(writer, (value ? before | mask : before & ~mask) >>> 0)
  writer.position = end
}

export interface HeaderBitOptions {
  /** The number that the bit lies in; `u32` by default. */
  readonly type?: NumberType
  /** Where the mask of the bits to change lies (`ifi_change`): giving the property, true or false, sets it. */
  readonly changeOffset?: number
}

/**
 * A boolean in a bit of a number in the fixed header: `up` in `ifi_flags`. Reads true or false, always.
 * Several may share the number; one that writes the number as a whole must be declared before them.
 */
export function headerBit(
  offset: number,
  mask: number,
  options: HeaderBitOptions = {}
): Field<boolean, boolean> & { readonly present: true } {
  const type = options.type ?? u32
  const changeOffset = options.changeOffset
  const field: Field<boolean, boolean> = {
    types: [],
    headerEnd: offset + type.size,
    write(writer, value, base) {
      requireBoolean(value)
      assign(writer, base + offset, type, mask, value)
      if (changeOffset !== undefined) assign(writer, base + changeOffset, type, mask, true)
    },
    readHeader(target, key, bytes, base) {
      target[key] = (type.read(bytes, base + offset, type.size) & mask) !== 0
    }
  }
  return field as Field<boolean, boolean> & { readonly present: true }
}

export interface AttributeBitOptions {
  /** The number that the bit lies in; `u32` by default. */
  readonly type?: NumberType
  /** A second number after the first holds the mask of the bits to change (`struct ifla_vlan_flags`). */
  readonly masked?: boolean
  /** Bytes of the fixed header of the record that this is a field of: 0 for nested attributes. */
  readonly headerSize?: number
}

/**
 * A boolean in a bit of an attribute that other properties share: `gvrp` in `IFLA_VLAN_FLAGS`. The first that
 * is given appends the attribute; the others set their bit in it.
 */
export function attributeBit(
  number: number,
  mask: number,
  options: AttributeBitOptions = {}
): Field<boolean, boolean> {
  const type = options.type ?? u32
  const size = options.masked === true ? type.size * 2 : type.size
  const firstAttribute = ((options.headerSize ?? 0) + 3) & ~3
  return {
    types: [number],
    write(writer, value, base) {
      requireBoolean(value)
      let payload = findAttribute(writer, base + firstAttribute, number)
      if (payload === 0) {
        const start = writer.beginAttribute(number)
        payload = writer.zeros(size)
        writer.endAttribute(start)
      }
      assign(writer, payload, type, mask, value)
      if (options.masked === true) assign(writer, payload + type.size, type, mask, true)
    },
    readAttribute(target, key, bytes, offset, length) {
      if (length < type.size) return false
      target[key] = (type.read(bytes, offset, type.size) & mask) !== 0
      return true
    }
  }
}

/** Where the payload of an attribute lies that was written after `from`; 0 if there is none. */
function findAttribute(writer: Writer, from: number, number: number): number {
  const { bytes, position } = writer
  let at = from
  while (at + attributeHeaderSize <= position) {
    const size = bytes[at]! | (bytes[at + 1]! << 8)
    if (size < attributeHeaderSize) return 0
    if (((bytes[at + 2]! | (bytes[at + 3]! << 8)) & attributeTypeMask) === number)
      return at + attributeHeaderSize
    at += (size + 3) & ~3
  }
  return 0
}

/**
 * Booleans in the bits of one attribute with a mask of what to change after it (`struct br_boolopt_multi`),
 * as one object: a key that is not given is left as it is; reading gives all.
 */
export function toggles<const Names extends Readonly<Record<string, number>>>(
  type: NumberType,
  names: Names
): Type<{ -readonly [K in keyof Names]: boolean }, { readonly [K in keyof Names]?: boolean | undefined }> {
  const entries = Object.entries(names)
  const expected = `an object of booleans out of ${entries.map(([name]) => name).join(', ')}`
  return {
    expected,
    size: type.size * 2,
    minimum: type.size,
    write(writer, value) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) invalidType(value, expected)
      let bits = 0
      let mask = 0
      for (const [key, given] of Object.entries(value)) {
        if (given === undefined) continue
        const bit = Object.hasOwn(names, key) ? names[key] : undefined
        if (bit === undefined) invalidType(value, expected)
        try {
          requireBoolean(given)
        } catch (error) {
          throw isInvalid(error) ? error.within(key) : error
        }
        mask |= bit
        if (given) bits |= bit
      }
      type.write(writer, bits >>> 0)
      type.write(writer, mask >>> 0)
    },
    read(bytes, offset) {
      const bits = type.read(bytes, offset, type.size)
      return Object.fromEntries(entries.map(([name, bit]) => [name, (bits & bit) !== 0])) as {
        -readonly [K in keyof Names]: boolean
      }
    }
  }
}
