import { inlined, inlineOf } from './inline.js'
import { invalidRange, invalidType } from './invalid.js'
import type { ReadOptions, Type } from './type.js'
import type { Writer } from './writer.js'

/** Bounds that a field narrows a number to, both inclusive. */
export interface Bounds {
  readonly min?: number
  readonly max?: number
}

/** A `Type` of numbers that can be narrowed: `u16.within({ min: 68 })`. */
export interface NumberType extends Type<number> {
  readonly min: number
  readonly max: number
  within(bounds: Bounds): NumberType
}

function integer(
  size: 1 | 2 | 4,
  min: number,
  max: number,
  put: (writer: Writer, value: number) => void,
  read: (bytes: Uint8Array, offset: number) => number,
  { bigEndian = false, signed = false } = {}
): NumberType {
  const expected = `a whole number from ${min} to ${max}`
  const whole = size === 4 && !signed ? '>>> 0' : '| 0'
  const type: NumberType = {
    expected,
    size,
    min,
    max,
    write(writer, value) {
      if (typeof value !== 'number') invalidType(value, expected)
      if (!Number.isInteger(value) || value < min || value > max) invalidRange(value, expected)
      put(writer, value)
    },
    read,
    within: (bounds) => integer(size, bounds.min ?? min, bounds.max ?? max, put, read, { bigEndian, signed })
  }
  return inlined(type, {
    number: {
      width: size,
      bigEndian,
      encode: (value) => ({
        slow: `typeof ${value} !== 'number' || (${value} ${whole}) !== ${value} || ${value} < ${min} || ${value} > ${max}`,
        number: value
      }),
      decode: (number) => (!signed ? number : size === 4 ? `${number} | 0` : `${number} << 24 >> 24`)
    }
  })
}

const readU8 = (bytes: Uint8Array, offset: number): number => bytes[offset]!
const readU16 = (bytes: Uint8Array, offset: number): number => bytes[offset]! | (bytes[offset + 1]! << 8)
const readU32 = (bytes: Uint8Array, offset: number): number =>
  (bytes[offset]! | (bytes[offset + 1]! << 8) | (bytes[offset + 2]! << 16) | (bytes[offset + 3]! << 24)) >>> 0
const readBe16 = (bytes: Uint8Array, offset: number): number => (bytes[offset]! << 8) | bytes[offset + 1]!
const readBe32 = (bytes: Uint8Array, offset: number): number =>
  ((bytes[offset]! << 24) | (bytes[offset + 1]! << 16) | (bytes[offset + 2]! << 8) | bytes[offset + 3]!) >>> 0

/** Numbers in host byte order. */
export const u8 = integer(1, 0, 0xff, (writer, value) => writer.u8(value), readU8)
export const u16 = integer(2, 0, 0xffff, (writer, value) => writer.u16(value), readU16)
export const u32 = integer(4, 0, 0xffffffff, (writer, value) => writer.u32(value), readU32)
export const i8 = integer(
  1,
  -0x80,
  0x7f,
  (writer, value) => writer.u8(value),
  (bytes, offset) => (bytes[offset]! << 24) >> 24,
  { signed: true }
)
export const i32 = integer(
  4,
  -0x80000000,
  0x7fffffff,
  (writer, value) => writer.u32(value),
  (bytes, offset) => readU32(bytes, offset) | 0,
  { signed: true }
)

/** Numbers in network byte order. */
export const be16 = integer(
  2,
  0,
  0xffff,
  (writer, value) => {
    writer.u8(value >>> 8)
    writer.u8(value)
  },
  readBe16,
  { bigEndian: true }
)
export const be32 = integer(
  4,
  0,
  0xffffffff,
  (writer, value) => {
    writer.u8(value >>> 24)
    writer.u8(value >>> 16)
    writer.u8(value >>> 8)
    writer.u8(value)
  },
  readBe32,
  { bigEndian: true }
)

export const bei32 = integer(
  4,
  -0x80000000,
  0x7fffffff,
  (writer, value) => be32.write(writer, value >>> 0),
  (bytes, offset) => readBe32(bytes, offset) | 0,
  { bigEndian: true, signed: true }
)

const expectedU64 = 'a whole number from 0 to 2^53 − 1, or a bigint from 0 to 2^64 − 1'

/** A 64-bit number in host byte order: a number, exact to 2^53, or a `bigint` where the reader asked for it. */
export const u64: Type<number, number | bigint> = {
  expected: expectedU64,
  size: 8,
  write(writer, value) {
    if (typeof value === 'bigint') {
      if (value < 0n || value > 0xffffffffffffffffn) invalidRange(value, expectedU64)
      writer.u32(Number(value & 0xffffffffn))
      writer.u32(Number(value >> 32n))
      return
    }
    if (typeof value !== 'number') invalidType(value, expectedU64)
    if (!Number.isSafeInteger(value) || value < 0) invalidRange(value, expectedU64)
    writer.u32(value >>> 0)
    writer.u32(Math.floor(value / 0x100000000))
  },
  read(bytes, offset, _length, options?: ReadOptions) {
    const low = readU32(bytes, offset)
    const high = readU32(bytes, offset + 4)
    // Typed as a number for the common case; the verbs that take `{ bigint: true }` retype what they return.
    if (options?.bigint === true) return ((BigInt(high) << 32n) | BigInt(low)) as unknown as number
    return high * 0x100000000 + low
  }
}

/** A 64-bit number in network byte order; otherwise as `u64`. */
export const be64: Type<number, number | bigint> = {
  expected: expectedU64,
  size: 8,
  write(writer, value) {
    const start = writer.position
    u64.write(writer, value)
    writer.bytes.subarray(start, start + 8).reverse()
  },
  read(bytes, offset, _length, options?: ReadOptions) {
    const high = readBe32(bytes, offset)
    const low = readBe32(bytes, offset + 4)
    if (options?.bigint === true) return ((BigInt(high) << 32n) | BigInt(low)) as unknown as number
    return high * 0x100000000 + low
  }
}

function boolean(type: NumberType, width: 1 | 4): Type<boolean> {
  const expected = 'true or false'
  const boolean: Type<boolean> = {
    expected,
    size: width,
    write(writer, value) {
      if (typeof value !== 'boolean') invalidType(value, expected)
      type.write(writer, value ? 1 : 0)
    },
    read: (bytes, offset, length) => type.read(bytes, offset, length) !== 0
  }
  return inlined(boolean, {
    number: {
      width,
      encode: (value) => ({ slow: `typeof ${value} !== 'boolean'`, number: `${value} ? 1 : 0` }),
      decode: (number) => `${number} !== 0`
    }
  })
}

/** A boolean in one byte. */
export const bool8: Type<boolean> = boolean(u8, 1)

/** A boolean in four bytes. */
export const bool32: Type<boolean> = boolean(u32, 4)

/**
 * Numbers that stand for another unit: `scaled(u32, 100, 'seconds')` takes and gives seconds where the
 * kernel counts hundredths (`USER_HZ`).
 */
export function scaled(type: NumberType, factor: number, unit: string): Type<number> {
  const expected = `a number of ${unit} from ${type.min / factor} to ${type.max / factor}`
  const scale: Type<number> = {
    expected,
    size: type.size,
    write(writer, value) {
      if (typeof value !== 'number') invalidType(value, expected)
      const whole = Math.round(value * factor)
      if (!(whole >= type.min && whole <= type.max)) invalidRange(value, expected)
      type.write(writer, whole)
    },
    read: (bytes, offset, length) => type.read(bytes, offset, length) / factor
  }
  const number = inlineOf(type, 'write')?.number
  const { decode } = number ?? {}
  if (number === undefined || decode === undefined) return scale
  return inlined(scale, {
    number: {
      ...number,
      // Only whole numbers of the unit are written inline; the rest is rounded by `write`.
      encode(value, scope) {
        const scaled = `(${value} * ${factor})`
        const { slow } = number.encode(scaled, scope)
        const whole = `typeof ${value} !== 'number' || (${value} | 0) !== ${value}`
        return { slow: slow === undefined ? whole : `${whole} || ${slow}`, number: scaled }
      },
      decode: (value, scope) => `(${decode(value, scope)}) / ${factor}`
    }
  })
}
