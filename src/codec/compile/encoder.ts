import { planOf, type AttributePlan, type Field, type HeaderPlan, type Plan } from '../field.js'
import { inlineOf, type InlineNumber } from '../inline.js'
import { isInvalid } from '../invalid.js'
import { missing, refuseUnknownKeys, requireObject, type AnyRecord } from '../record.js'
import type { CompileType, Type } from '../type.js'
import { writeUnknown } from '../unknown.js'
import type { Writer } from '../writer.js'
import { Names, property } from './names.js'

type AnyField = Field<unknown, unknown>

/**
 * Makes the specialised `write` of a record or struct. It stores whole words, with one check of the room that
 * it needs, and counts the properties that it met instead of looking up each key: only when there are others
 * are they looked at one by one.
 *
 * Its variables: `b` and `w`, the writer's bytes and words; `q`, the index of the word to store next; `base`,
 * where the header begins; `m`, the properties met; `k`, the field being written, for errors.
 */
export function makeEncoder(
  type: AnyRecord,
  compileType: CompileType
): (writer: Writer, source: unknown) => void {
  return new Encoder(type, compileType).make()
}

class Encoder {
  readonly #names = new Names()
  readonly #type: AnyRecord
  readonly #compileType: CompileType
  readonly #keys: string[] = []
  readonly #loads: string[] = []
  /** The most bytes that the code stores itself; what it calls makes its own room. */
  #room: number
  /** The words of the header that are put together before they are stored, while nothing else was written. */
  readonly #words = new Map<number, string>()
  #leading: boolean

  constructor(type: AnyRecord, compileType: CompileType) {
    this.#type = type
    this.#compileType = compileType
    this.#room = (type.headerSize + 3) & ~3
    this.#leading = type.attributes
  }

  make(): (writer: Writer, source: unknown) => void {
    const names = this.#names
    const { attributes, expected, check } = this.#type
    const refuse = `${names.constant(refuseUnknownKeys)}(${names.constant(this.#type.fields)}, ${attributes}, source)`
    const statements = this.#fields()
    const source = `
function write(writer, source) {
  if (typeof source !== 'object' || source === null || Array.isArray(source))
    ${names.constant(requireObject)}(source, ${JSON.stringify(expected)})
  ${attributes ? `if ((writer.position & 3) !== 0) return ${names.constant(this.#type.own)}.write(writer, source)` : ''}
  ${check === undefined ? '' : `try { ${names.constant(check)}(source) } catch (error) { ${refuse}; throw error }`}
  ${attributes ? this.#begin() : this.#beginStruct()}
  let m = 0
  let k = -1
  ${names.takeLocals()}
  ${this.#loads.join('\n  ')}
  try {
    ${statements}
    ${attributes ? this.#unknown() : ''}
  } catch (error) {
    ${attributes ? 'if (writer.position < q << 2) writer.position = q << 2' : ''}
    ${refuse}
    throw k >= 0 && ${names.constant(isInvalid)}(error) ? error.within(${names.constant(this.#keys)}[k]) : error
  }
  ${attributes ? 'writer.position = q << 2' : ''}
  let n = 0
  for (const key in source) n++
  if (n !== m) ${refuse}
}`
    return names.evaluate(source, 'write')
  }

  #begin(): string {
    return `const room = ${this.#room}
  writer.reserve(room)
  let b = writer.bytes
  let w = writer.words
  let limit = b.length - room
  const base = writer.position
  let q = (base >>> 2) + ${(this.#type.headerSize + 3) >>> 2}`
  }

  #beginStruct(): string {
    return `const base = writer.zeros(${this.#type.headerSize})
  let b = writer.bytes`
  }

  #unknown(): string {
    return `const unknown = source.unknown
    if (unknown !== undefined) {
      m++
      k = -1
      writer.position = q << 2
      ${this.#names.constant(writeUnknown)}(writer, unknown)
      q = writer.position >>> 2
    }`
  }

  #fields(): string {
    const code: string[] = []
    for (const [key, field] of Object.entries(this.#type.fields) as unknown as [string, AnyField][]) {
      const plan = planOf(field, ['write'])
      if (field.write === undefined) {
        if (field.required === true) code.push(this.#missing(key))
        continue
      }
      const value = `v${this.#keys.length}`
      const slot = plan?.place === 'header' ? this.#slot(plan) : undefined
      if (slot === undefined || !withinWord(plan as HeaderPlan, slot)) code.push(this.#flush())
      const write =
        slot === undefined
          ? this.#writeOther(field, plan, value)
          : this.#writeSlot(plan as HeaderPlan, slot, value, this.#call(field, value))
      code.push(this.#guard(key, field, plan, value, write))
      this.#keys.push(key)
    }
    code.push(this.#flush())
    return code.filter((line) => line !== '').join('\n    ')
  }

  /** Stores the words that were put together; from here on the header is changed in place. */
  #flush(): string {
    this.#leading = false
    const stores = [...this.#words].map(([word, name]) => `w[(base >>> 2) + ${word}] = ${name}`)
    this.#words.clear()
    return stores.join('; ')
  }

  /** Runs `write` if there is something to write. */
  #guard(key: string, field: AnyField, plan: Plan | undefined, value: string, write: string): string {
    const k = this.#keys.length
    // All are loaded first of all: after calls, the engine would have to look at the object's shape again.
    this.#loads.push(`${plan?.place === 'header' ? 'let' : 'const'} ${value} = ${property('source', key)}`)
    if (plan?.place === 'header' && plan.options.default !== undefined) {
      return `k = ${k}
    if (${value} !== undefined) m++
    else ${value} = ${this.#names.constant(plan.options.default)}(source)
    if (${value} !== undefined) { ${write} }`
    }
    if (field.always === true) {
      return `k = ${k}
    if (${value} !== undefined) m++
    ${write}`
    }
    return `if (${value} !== undefined) { m++; k = ${k}; ${write} }${field.required === true ? ` else { ${this.#missing(key)} }` : ''}`
  }

  #missing(key: string): string {
    return `k = -1; ${this.#names.constant(missing)}(${JSON.stringify(key)})`
  }

  #slot(plan: HeaderPlan): InlineNumber | undefined {
    const number = inlineOf(plan.type, 'write')?.number
    return number === undefined || plan.offset + number.width > this.#type.headerSize ? undefined : number
  }

  /** Fills in a slot of the header: in the variable of its word while these are put together, else in place. */
  #writeSlot(plan: HeaderPlan, number: InlineNumber, value: string, otherwise: string): string {
    const encoded = number.encode(value, this.#names)
    const { slow } = encoded
    const x = stored(encoded.number, number)
    if (!this.#leading) {
      const stores = Array.from(
        { length: number.width },
        (_, i) => `b[base + ${plan.offset + i}] = x >>> ${i * 8}`
      )
      return orElse(slow, otherwise, `${x}; ${stores.join('; ')}`)
    }
    const at = plan.offset >>> 2
    let word = this.#words.get(at)
    if (word === undefined) this.#words.set(at, (word = this.#names.local('0')))
    const shift = (plan.offset & 3) * 8
    const store = number.width === 4 ? `${word} = x` : `${word} |= (x${mask(number)}) << ${shift}`
    // Whatever `write` stored joins the word: the header is zero but for that.
    return orElse(slow, `${otherwise}; ${word} |= w[(base >>> 2) + ${at}]`, `${x}; ${store}`)
  }

  #writeOther(field: AnyField, plan: Plan | undefined, value: string): string {
    if (plan?.place === 'parts') {
      return this.#call(plan.compiled(this.#compileType) as unknown as AnyField, value)
    }
    if (!this.#type.attributes) return this.#call(field, value)
    if (plan?.place === 'code') {
      this.#room += plan.code.size
      return plan.code.write(value, this.#call(field, value), this.#names)
    }
    if (plan?.place !== 'attribute') return this.#call(field, value)
    const number = inlineOf(plan.type, 'write')?.number
    if (number !== undefined) {
      this.#room += 8
      return this.#writeNumber(plan, number, value, this.#call(field, value))
    }
    const compiled = this.#compileType(plan.type)
    return compiled === plan.type ? this.#call(field, value) : this.#writeNested(plan, compiled, value)
  }

  #writeNumber(plan: AttributePlan, number: InlineNumber, value: string, otherwise: string): string {
    const encoded = number.encode(value, this.#names)
    // `null` clears, which the field knows how to.
    const slow =
      'clear' in plan.options
        ? `${value} === null${encoded.slow === undefined ? '' : ` || ${encoded.slow}`}`
        : encoded.slow
    const x = stored(encoded.number, number)
    const head = ((plan.number << 16) | (4 + number.width)) >>> 0
    return orElse(slow, otherwise, `${x}; w[q] = ${head}; w[q + 1] = x${mask(number)}; q += 2`)
  }

  #writeNested(plan: AttributePlan, type: Type<unknown, never>, value: string): string {
    const wireType = type.nested === true ? plan.number | 0x8000 : plan.number
    const clear =
      'clear' in plan.options ? `${value} === null ? ${this.#names.constant(plan.options.clear)} : ` : ''
    return `writer.position = q << 2
      const start = writer.beginAttribute(${wireType})
      ${this.#names.constant(type)}.write(writer, ${clear}${value})
      writer.endAttribute(start)
      ${this.#resume()}`
  }

  /** Calls the field's own method. */
  #call(field: AnyField, value: string): string {
    const call = `${this.#names.constant(field)}.write(writer, ${value}, base, source)`
    return this.#type.attributes
      ? `writer.position = q << 2; ${call}; ${this.#resume()}`
      : `${call}; b = writer.bytes`
  }

  /** Goes on after something else has written. */
  #resume(): string {
    return 'if (writer.bytes !== b || writer.position > limit) { writer.reserve(room); b = writer.bytes; w = writer.words; limit = b.length - room }; q = writer.position >>> 2'
  }
}

const withinWord = (plan: HeaderPlan, number: InlineNumber): boolean => (plan.offset & 3) + number.width <= 4

const orElse = (slow: string | undefined, otherwise: string, store: string): string =>
  slow === undefined ? store : `if (${slow}) { ${otherwise} } else { ${store} }`

const mask = (number: InlineNumber): string =>
  number.width === 4 ? '' : number.width === 2 ? ' & 0xffff' : ' & 0xff'

/** Declares `x`, the number in the byte order that it is stored in. */
function stored(encoded: string, number: InlineNumber): string {
  if (number.bigEndian !== true || number.width === 1) return `const x = ${encoded}`
  return number.width === 2
    ? `const h = ${encoded}; const x = (h & 0xff) << 8 | h >>> 8 & 0xff`
    : `const h = ${encoded}; const x = h << 24 | (h & 0xff00) << 8 | h >>> 8 & 0xff00 | h >>> 24`
}
