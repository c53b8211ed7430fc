import type { Field, InOf, OutOf, Source, Target } from './field.js'
import { InvalidType, invalidType, isInvalid, joinPath } from './invalid.js'
import type { ReadOptions, Type } from './type.js'
import { attributeHeaderSize, attributeTypeMask } from './writer.js'
import { keepUnknown, writeUnknown } from './unknown.js'
import type { UnknownAttribute } from './unknown.js'
import type { Writer } from './writer.js'

export type Fields = Readonly<Record<string, Field<unknown, never>>>

type WritableKeys<F> = { [K in keyof F]: [InOf<F[K]>] extends [never] ? never : K }[keyof F]
type RequiredKeys<F> = { [K in keyof F]: F[K] extends { readonly required: true } ? K : never }[keyof F]
type ReadableKeys<F> = { [K in keyof F]: [OutOf<F[K]>] extends [never] ? never : K }[keyof F]
type PresentKeys<F> = { [K in keyof F]: F[K] extends { readonly present: true } ? K : never }[keyof F]

/** What writing the fields of a struct takes. `undefined` is the same as absent. */
export type StructInput<F extends Fields> = {
  [K in Exclude<WritableKeys<F>, RequiredKeys<F>>]?: InOf<F[K]> | undefined
} & { [K in Extract<WritableKeys<F>, RequiredKeys<F>>]: InOf<F[K]> }

/** What reading the fields of a struct gives. */
export type StructOutput<F extends Fields> = {
  [K in Exclude<ReadableKeys<F>, PresentKeys<F>>]?: OutOf<F[K]>
} & { [K in Extract<ReadableKeys<F>, PresentKeys<F>>]: OutOf<F[K]> }

/** What writing these fields takes. `undefined` is the same as absent. */
export type RecordInput<F extends Fields> = StructInput<F> & {
  unknown?: readonly UnknownAttribute[] | undefined
}

/** What reading these fields gives. What the kernel did not send is absent. */
export type RecordOutput<F extends Fields> = StructOutput<F> & { unknown?: UnknownAttribute[] }

/** An object on the wire: fields in a fixed header, and in attributes after it unless it is a struct. */
interface Layout<F extends Fields> {
  readonly fields: F
  /** Bytes of the fixed header. */
  readonly headerSize: number
  /** False for a struct: nothing follows the header. */
  readonly attributes: boolean
  /** Refuses combinations that no single field can judge; `undefined` if there are none. */
  readonly check: ((source: Source) => void) | undefined
  /** What interprets the declaration, also where `write` and `read` are compiled. */
  readonly own: {
    write(this: void, writer: Writer, source: Source): void
    read(
      this: void,
      bytes: Uint8Array,
      offset: number,
      length: number,
      options: ReadOptions | undefined
    ): Target
  }
  /** The property that reads this attribute, by its number. */
  keyOf(this: void, number: number): string | undefined
  locate(bytes: Uint8Array, offset: number, length: number, wanted: number): string | undefined
}

/** A message, or a nested attribute: fields in attributes, after a fixed header of `headerSize` bytes. */
export interface RecordType<F extends Fields> extends Type<RecordOutput<F>, RecordInput<F>>, Layout<F> {
  locate(bytes: Uint8Array, offset: number, length: number, wanted: number): string | undefined
}

/** A struct: fields in fixed slots, and nothing after them. */
export interface StructType<F extends Fields> extends Type<StructOutput<F>, StructInput<F>>, Layout<F> {
  locate(bytes: Uint8Array, offset: number, length: number, wanted: number): string | undefined
}

/** Any record or struct. */
export type AnyRecord = Type<unknown, never> & Layout<Fields>

/** True for what `record` or `struct` made, and not for a copy that has other methods. */
export function isRecord(type: Type<unknown, never>): type is AnyRecord {
  const { own, write, read } = type as unknown as Partial<Record<keyof AnyRecord, unknown>>
  const methods = own as Partial<Record<'write' | 'read', unknown>> | undefined
  return methods !== undefined && methods.write === write && methods.read === read
}

export interface RecordOptions {
  /** Bytes of the fixed header; 0 for plain nested attributes. */
  readonly headerSize?: number
  /** What an object is, for error messages: `'a route'`. */
  readonly what?: string
  /** Refuses combinations that no single field can judge. Runs before anything is written. */
  readonly check?: (source: Source) => void
}

export interface StructOptions {
  /** What an object is, for error messages: `'a cache info'`. */
  readonly what?: string
  /** Refuses combinations that no single field can judge. Runs before anything is written. */
  readonly check?: (source: Source) => void
  /** The fewest bytes that can be read, 1 by default: fields past the end read as absent or zero. */
  readonly minimum?: number
}

/**
 * Declares how an object lies on the wire. From this one declaration come its types (`InputOf`,
 * `OutputOf`), its encoder and decoder, and the attribute paths in errors.
 *
 * Keys that are no field are refused; attributes that are no field are kept under `unknown`. Fields are
 * written in the order of their declaration.
 */
export function record<const F extends Fields>(fields: F, options: RecordOptions = {}): RecordType<F> {
  const headerSize = options.headerSize ?? 0
  return interpret(fields, headerSize, true, options.what ?? 'an object', options.check) as RecordType<F>
}

/**
 * Declares a struct of `size` bytes, all of whose fields are `header` fields. A longer one, of a newer
 * kernel, is read as far as it is known; a shorter one, of an older kernel, reads as zero past its end, or
 * as absent where a field is `optional`.
 */
export function struct<const F extends Fields>(
  size: number,
  fields: F,
  options: StructOptions = {}
): StructType<F> {
  const type = interpret(fields, size, false, options.what ?? 'an object', options.check) as StructType<F>
  return { ...type, minimum: options.minimum ?? 1 }
}

type Entry = readonly [string, Field<unknown, unknown>]

/** The fixed header padded to where attributes begin (`NLMSG_ALIGN`). */
export const aligned = (size: number): number => (size + 3) & ~3

/** The fields that read an attribute, by its number. */
export function fieldsByNumber(fields: Fields): Map<number, Entry[]> {
  const byNumber = new Map<number, Entry[]>()
  for (const entry of Object.entries(fields) as unknown as Entry[]) {
    for (const number of entry[1].types) {
      const others = byNumber.get(number)
      if (others === undefined) byNumber.set(number, [entry])
      else others.push(entry)
    }
  }
  return byNumber
}

function interpret(
  fields: Fields,
  headerSize: number,
  attributes: boolean,
  expected: string,
  check: ((source: Source) => void) | undefined
): Type<Target, Source> & Layout<Fields> {
  const entries = Object.entries(fields) as unknown as Entry[]
  const byNumber = fieldsByNumber(fields)
  const headerFields = entries.filter(([, field]) => field.readHeader !== undefined)
  const endFields = entries.filter(([, field]) => field.readEnd !== undefined)
  const attributesAt = aligned(headerSize)

  const own: Layout<Fields>['own'] = {
    write(writer, source) {
      requireObject(source, expected)
      refuseUnknownKeys(fields, attributes, source)
      check?.(source)
      const base = writer.zeros(attributes ? attributesAt : headerSize)
      for (const [key, field] of entries) {
        const given = source[key]
        if (given === undefined && field.always !== true) {
          if (field.required === true) missing(key)
          continue
        }
        try {
          field.write?.(writer, given, base, source)
        } catch (error) {
          throw isInvalid(error) ? error.within(key) : error
        }
      }
      if (attributes && source['unknown'] !== undefined) writeUnknown(writer, source['unknown'])
    },

    read(bytes, offset, length, readOptions) {
      const target: Target = {}
      let source = bytes
      let base = offset
      if (length < headerSize) {
        source = padded(bytes, offset, length, headerSize)
        base = 0
      }
      for (const [key, field] of headerFields) {
        if (field.optional === true && field.headerEnd! > length) continue
        field.readHeader!(target, key, source, base, readOptions)
      }
      const end = attributes ? offset + length : 0
      let at = offset + attributesAt
      while (at + attributeHeaderSize <= end) {
        const size = bytes[at]! | (bytes[at + 1]! << 8)
        if (size < attributeHeaderSize || at + size > end) break
        const type = bytes[at + 2]! | (bytes[at + 3]! << 8)
        const number = type & attributeTypeMask
        const payload = at + attributeHeaderSize
        const payloadSize = size - attributeHeaderSize
        let known = false
        const readers = byNumber.get(number)
        if (readers !== undefined) {
          for (const [key, field] of readers) {
            if (field.readAttribute?.(target, key, bytes, payload, payloadSize, number, readOptions) === true)
              known = true
          }
        }
        if (!known) keepUnknown(target, type, bytes.slice(payload, at + size))
        at += (size + 3) & ~3
      }
      for (const [key, field] of endFields) field.readEnd!(target, key, source, base)
      return target
    }
  }

  return {
    fields,
    headerSize,
    attributes,
    check,
    own,
    ...own,
    expected,
    size: headerSize,
    nested: attributes && headerSize === 0,
    keyOf: (number) => byNumber.get(number)?.[0]?.[0],

    locate(bytes, offset, length, wanted) {
      const end = attributes ? offset + length : 0
      let at = offset + attributesAt
      while (at + attributeHeaderSize <= end) {
        const size = bytes[at]! | (bytes[at + 1]! << 8)
        if (size < attributeHeaderSize || at + size > end) return undefined
        if (wanted >= at && wanted < at + size) {
          const number = (bytes[at + 2]! | (bytes[at + 3]! << 8)) & attributeTypeMask
          const entry = byNumber.get(number)?.[0]
          if (entry === undefined) return undefined
          const payload = at + attributeHeaderSize
          const inner =
            wanted < payload
              ? undefined
              : entry[1].locate?.(bytes, payload, size - attributeHeaderSize, wanted)
          return joinPath(entry[0], inner)
        }
        at += (size + 3) & ~3
      }
      return undefined
    }
  }
}

/** Refuses what is no object. */
export function requireObject(source: unknown, expected: string): asserts source is object {
  if (typeof source !== 'object' || source === null || Array.isArray(source)) invalidType(source, expected)
}

/** A header shorter than ours comes from an older kernel: what is missing reads as zero. */
export function padded(bytes: Uint8Array, offset: number, length: number, size: number): Uint8Array {
  const source = new Uint8Array(size)
  if (length > 0) source.set(bytes.subarray(offset, offset + length))
  return source
}

/** Refuses an object that lacks a required field. */
export function missing(key: string): never {
  throw new InvalidType(undefined, 'given', 'ERR_MISSING_FIELD').within(key)
}

/** Refuses keys that are no field, or only read. */
export function refuseUnknownKeys(fields: Fields, attributes: boolean, source: Source): void {
  for (const key in source) {
    if (source[key] === undefined) continue
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined
    if (field?.write !== undefined || (attributes && key === 'unknown')) continue
    const why =
      field === undefined
        ? `no key of this object; its keys are ${writableKeys(fields)}`
        : 'absent: it can only be read'
    throw new InvalidType(source[key], why, 'ERR_UNKNOWN_FIELD').within(key)
  }
}

function writableKeys(fields: Fields): string {
  return Object.keys(fields)
    .filter((key) => fields[key]!.write !== undefined)
    .join(', ')
}
