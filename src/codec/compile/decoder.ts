import { planOf, type AttributePlan, type Field, type HeaderPlan } from '../field.js'
import { inlineOf, type InlineNumber } from '../inline.js'
import { fieldsByNumber, type AnyRecord } from '../record.js'
import type { CompileType, ReadOptions, Type } from '../type.js'
import { keepUnknown } from '../unknown.js'
import { Names, property } from './names.js'

type AnyField = Field<unknown, unknown>

const readMethods = ['readHeader', 'readAttribute', 'readEnd'] as const

/**
 * Makes the specialised `read` of a record or struct.
 *
 * The reader is a constructor, for its objects' sake: the engine then makes room for their properties inside
 * of them, and setting one is a plain store. Their prototype is that of any plain object.
 *
 * Its variables: `bytes`; `base`, where the header begins; `at` and `end`, the attributes that are left;
 * `options`.
 */
export function makeDecoder(
  type: AnyRecord,
  compileType: CompileType
): (bytes: Uint8Array, offset: number, length: number, options?: ReadOptions) => unknown {
  return new Decoder(type, compileType).make()
}

class Decoder {
  readonly #names = new Names()
  readonly #type: AnyRecord
  readonly #compileType: CompileType
  /** Fields that share an attribute: these are called for all that they do. */
  readonly #sharing = new Set<AnyField>()

  constructor(type: AnyRecord, compileType: CompileType) {
    this.#type = type
    this.#compileType = compileType
  }

  make(): (bytes: Uint8Array, offset: number, length: number, options?: ReadOptions) => unknown {
    const names = this.#names
    const { headerSize, attributes } = this.#type
    const entries = Object.entries(this.#type.fields) as unknown as [string, AnyField][]
    const header = entries.map(([key, field]) => this.#header(key, field))
    const loop = attributes ? this.#attributes() : ''
    const ends = entries.map(([key, field]) => this.#end(key, field))
    const source = `
function Target(bytes, base, end, options) {
  ${names.takeLocals()}
  ${header.join('\n  ')}
  ${loop}
  ${ends.join('\n  ')}
}
Target.prototype = Object.prototype
function read(bytes, offset, length, options) {
  return length < ${headerSize}
    ? ${names.constant(this.#type.own)}.read(bytes, offset, length, options)
    : new Target(bytes, offset, offset + length, options)
}`
    return names.evaluate(source, 'read')
  }

  #assign(key: string): (value: string) => string {
    return (value) => `${property('this', key)} = ${value}`
  }

  #header(key: string, field: AnyField): string {
    if (field.readHeader === undefined) return ''
    const plan = planOf(field, readMethods)
    if (plan?.place === 'code' && plan.code.readHeader !== undefined) {
      return plan.code.readHeader(this.#assign(key), this.#names)
    }
    if (plan?.place !== 'header') {
      return `${this.#names.constant(field)}.readHeader(this, ${JSON.stringify(key)}, bytes, base, options)`
    }
    const { options } = plan
    if (options.hidden === true) return ''
    const value = this.#headerValue(plan)
    if (!('absent' in options)) return this.#assign(key)(value)
    return `{ const x = ${value}; if (x !== ${this.#names.constant(options.absent)}) ${this.#assign(key)('x')} }`
  }

  #headerValue(plan: HeaderPlan): string {
    return (
      this.#number(plan.type, 'base', plan.offset) ??
      this.#read(plan.type, `base + ${plan.offset}`, String(plan.type.size))
    )
  }

  /** An expression that reads what is a number on the wire. */
  #number(type: Type<unknown, never>, from: string, offset: number): string | undefined {
    const number = inlineOf(type, 'read')?.number
    if (number?.decode === undefined) return undefined
    const name = this.#names.local('0')
    return `(${name} = ${loadNumber(number, from, offset)}, ${number.decode(name, this.#names)})`
  }

  #read(type: Type<unknown, never>, at: string, length: string): string {
    const compiled = this.#compileType(type)
    const inline = inlineOf(compiled, 'read')
    if (inline?.read !== undefined) return inline.read(at, length, this.#names)
    return `${this.#names.constant(compiled)}.read(bytes, ${at}, ${length}, options)`
  }

  #attributes(): string {
    const names = this.#names
    const cases: string[] = []
    for (const [number, entries] of fieldsByNumber(this.#type.fields)) {
      const readers = entries.filter(([, field]) => field.readAttribute !== undefined)
      if (readers.length === 0) continue
      const [key, field] = readers[0]!
      const code = readers.length === 1 ? this.#attribute(key, field) : this.#shared(readers)
      cases.push(`case ${number}: { ${code}; break }`)
    }
    return `let at = base + ${(this.#type.headerSize + 3) & ~3}
  while (at + 4 <= end) {
    const size = bytes[at] | bytes[at + 1] << 8
    if (size < 4 || at + size > end) break
    const type = bytes[at + 2] | bytes[at + 3] << 8
    const p = at + 4
    const length = size - 4
    known: {
      switch (type & 0x3fff) {
        ${cases.join('\n        ')}
      }
      ${names.constant(keepUnknown)}(this, type, bytes.slice(p, at + size))
    }
    at += size + 3 & ~3
  }`
  }

  #attribute(key: string, field: AnyField): string {
    const plan = planOf(field, readMethods)
    if (plan?.place === 'code') return plan.code.readAttribute('p', 'length', this.#assign(key), this.#names)
    if (plan?.place === 'attribute') return this.#planned(key, plan)
    const called = plan?.place === 'parts' ? plan.compiled(this.#compileType) : field
    return `if (${this.#call(key, called)} === true) break known`
  }

  #planned(key: string, plan: AttributePlan): string {
    const { type } = plan
    const minimum = type.minimum ?? type.size
    const value = this.#number(type, 'p', 0) ?? this.#read(type, 'p', 'length')
    const assign = `${this.#assign(key)(value)}; break known`
    return minimum === 0 ? assign : `if (length >= ${minimum}) { ${assign} }`
  }

  /** Several fields read the same attribute. */
  #shared(readers: readonly (readonly [string, AnyField])[]): string {
    for (const [, field] of readers) this.#sharing.add(field)
    const calls = readers.map(([key, field]) => `if (${this.#call(key, field)} === true) done = true`)
    return `let done = false; ${calls.join('; ')}; if (done) break known`
  }

  #call(key: string, field: Field<unknown, never>): string {
    return `${this.#names.constant(field)}.readAttribute(this, ${JSON.stringify(key)}, bytes, p, length, type & 0x3fff, options)`
  }

  #end(key: string, field: AnyField): string {
    if (field.readEnd === undefined) return ''
    const plan = planOf(field, readMethods)
    if (plan?.place === 'code' && !this.#sharing.has(field))
      return plan.code.readEnd?.(this.#assign(key), this.#names) ?? ''
    return `${this.#names.constant(field)}.readEnd(this, ${JSON.stringify(key)}, bytes, base)`
  }
}

/** An expression of the whole number at `from + offset`; of 4 bytes, unsigned. */
function loadNumber(number: InlineNumber, from: string, offset: number): string {
  const parts = Array.from({ length: number.width }, (_, i) => {
    const shift = (number.bigEndian === true ? number.width - 1 - i : i) * 8
    return `bytes[${from} + ${offset + i}]${shift === 0 ? '' : ` << ${shift}`}`
  })
  return number.width === 4 ? `(${parts.join(' | ')}) >>> 0` : parts.join(' | ')
}
