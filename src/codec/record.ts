import type { Field, InOf, OutOf, Source, Target } from './field.js'
import { InvalidType, invalidType, isInvalid } from './invalid.js'
import type { ReadOptions, Type } from './type.js'
import { attributeHeaderSize, attributeTypeMask } from './writer.js'
import type { Writer } from './writer.js'

/** An attribute that netloom does not know, kept as it came; written back as it is. */
export interface UnknownAttribute {
  /** The attribute's number, with its `NLA_F_*` flags. */
  readonly type: number
  readonly bytes: Uint8Array
}

export type Fields = Readonly<Record<string, Field<unknown, never>>>

type WritableKeys<F> = { [K in keyof F]: [InOf<F[K]>] extends [never] ? never : K }[keyof F]
type RequiredKeys<F> = { [K in keyof F]: F[K] extends { readonly required: true } ? K : never }[keyof F]
type ReadableKeys<F> = { [K in keyof F]: [OutOf<F[K]>] extends [never] ? never : K }[keyof F]
type PresentKeys<F> = { [K in keyof F]: F[K] extends { readonly present: true } ? K : never }[keyof F]

/** What writing these fields takes. `undefined` is the same as absent. */
export type RecordInput<F extends Fields> = {
  [K in Exclude<WritableKeys<F>, RequiredKeys<F>>]?: InOf<F[K]> | undefined
} & { [K in Extract<WritableKeys<F>, RequiredKeys<F>>]: InOf<F[K]> } & {
  unknown?: readonly UnknownAttribute[] | undefined
}

/** What reading these fields gives. What the kernel did not send is absent. */
export type RecordOutput<F extends Fields> = {
  [K in Exclude<ReadableKeys<F>, PresentKeys<F>>]?: OutOf<F[K]>
} & { [K in Extract<ReadableKeys<F>, PresentKeys<F>>]: OutOf<F[K]> } & { unknown?: UnknownAttribute[] }

/** Fields after a fixed header of `headerSize` bytes: a message, a nested attribute, or (no attributes) a struct. */
export interface RecordType<F extends Fields> extends Type<RecordOutput<F>, RecordInput<F>> {
  readonly fields: F
  readonly headerSize: number
  /** The property that reads this attribute, by its number. */
  keyOf(number: number): string | undefined
  locate(bytes: Uint8Array, offset: number, length: number, wanted: number): string | undefined
}

export interface RecordOptions {
  /** Bytes of the fixed header; 0 for plain nested attributes. */
  readonly headerSize?: number
  /** What an object is, for error messages: `'a route'`. */
  readonly what?: string
  /** Refuses combinations that no single field can judge. Runs before anything is written. */
  readonly check?: (source: Source) => void
}

/**
 * Declares how an object lies on the wire. From this one declaration come its types (`InputOf`,
 * `OutputOf`), its encoder and decoder, and the attribute paths in errors.
 *
 * Keys that are no field are refused; attributes that are no field are kept under `unknown`.
 */
export function record<const F extends Fields>(fields: F, options: RecordOptions = {}): RecordType<F> {
  const headerSize = options.headerSize ?? 0
  const expected = options.what ?? 'an object'
  const entries = Object.entries(fields) as unknown as [string, Field<unknown, unknown>][]
  const byNumber = new Map<number, [string, Field<unknown, unknown>]>()
  for (const entry of entries) for (const number of entry[1].types) byNumber.set(number, entry)
  const headerFields = entries.filter(([, field]) => field.readHeader !== undefined)
  const endFields = entries.filter(([, field]) => field.readEnd !== undefined)

  return {
    fields,
    headerSize,
    expected,
    size: headerSize,
    nested: headerSize === 0,
    keyOf: (number) => byNumber.get(number)?.[0],

    write(writer: Writer, value: RecordInput<F>) {
      const source = value as Source
      if (typeof source !== 'object' || source === null || Array.isArray(source))
        invalidType(source, expected)
      refuseUnknownKeys(fields, source)
      options.check?.(source)
      const base = writer.zeros(headerSize)
      for (const [key, field] of entries) {
        const given = source[key]
        if (given === undefined && field.always !== true) {
          if (field.required === true)
            throw new InvalidType(undefined, 'given', 'ERR_MISSING_FIELD').within(key)
          continue
        }
        try {
          field.write?.(writer, given, base, source)
        } catch (error) {
          throw isInvalid(error) ? error.within(key) : error
        }
      }
      writeUnknown(writer, source['unknown'])
    },

    read(bytes: Uint8Array, offset: number, length: number, readOptions?: ReadOptions) {
      const target: Target = {}
      // A shorter struct than ours comes from an older kernel: what is missing reads as zero.
      let source = bytes
      let base = offset
      if (length < headerSize) {
        source = new Uint8Array(headerSize)
        source.set(bytes.subarray(offset, offset + length))
        base = 0
      }
      for (const [key, field] of headerFields) field.readHeader!(target, key, source, base)
      const end = offset + length
      let at = offset + headerSize
      while (at + attributeHeaderSize <= end) {
        const size = bytes[at]! | (bytes[at + 1]! << 8)
        if (size < attributeHeaderSize || at + size > end) break
        const type = bytes[at + 2]! | (bytes[at + 3]! << 8)
        const number = type & attributeTypeMask
        const payload = at + attributeHeaderSize
        const entry = byNumber.get(number)
        const known =
          entry?.[1].readAttribute?.(
            target,
            entry[0],
            bytes,
            payload,
            size - attributeHeaderSize,
            number,
            readOptions
          ) === true
        if (!known) keepUnknown(target, type, bytes.slice(payload, at + size))
        at += (size + 3) & ~3
      }
      for (const [key, field] of endFields) field.readEnd!(target, key, source, base)
      return target as RecordOutput<F>
    },

    locate(bytes, offset, length, wanted) {
      const end = offset + length
      let at = offset + headerSize
      while (at + attributeHeaderSize <= end) {
        const size = bytes[at]! | (bytes[at + 1]! << 8)
        if (size < attributeHeaderSize || at + size > end) return undefined
        if (wanted >= at && wanted < at + size) {
          const number = (bytes[at + 2]! | (bytes[at + 3]! << 8)) & attributeTypeMask
          const entry = byNumber.get(number)
          if (entry === undefined) return undefined
          const payload = at + attributeHeaderSize
          const inner =
            wanted < payload
              ? undefined
              : entry[1].locate?.(bytes, payload, size - attributeHeaderSize, wanted)
          return inner === undefined
            ? entry[0]
            : inner.startsWith('[')
              ? entry[0] + inner
              : `${entry[0]}.${inner}`
        }
        at += (size + 3) & ~3
      }
      return undefined
    }
  }
}

function refuseUnknownKeys(fields: Fields, source: Source): void {
  for (const key in source) {
    if (source[key] === undefined) continue
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined
    if (field?.write !== undefined || key === 'unknown') continue
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

function writeUnknown(writer: Writer, value: unknown): void {
  if (value === undefined) return
  const expected = 'an array of { type, bytes }'
  if (!Array.isArray(value)) throw new InvalidType(value, expected).within('unknown')
  for (const item of value as readonly Partial<UnknownAttribute>[]) {
    if (typeof item.type !== 'number' || !(item.bytes instanceof Uint8Array)) {
      throw new InvalidType(item, expected).within('unknown')
    }
    const start = writer.beginAttribute(item.type)
    writer.raw(item.bytes)
    writer.endAttribute(start)
  }
}

function keepUnknown(target: Target, type: number, bytes: Uint8Array): void {
  const list = (target['unknown'] ??= []) as UnknownAttribute[]
  list.push({ type, bytes })
}
