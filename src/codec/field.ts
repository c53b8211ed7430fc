import { presence } from './bytes.js'
import type { FieldCode } from './inline.js'
import type { CompileType, ReadOptions, Type } from './type.js'
import type { Writer } from './writer.js'

/** An object being written, seen by a field that needs its neighbours. */
export type Source = Readonly<Record<string, unknown>>

/** An object being read. */
export type Target = Record<string, unknown>

/**
 * How one property of an object lies on the wire. Most fields are made by `header` and `attribute`; a
 * property that is spread over several places (a prefix: its length in the header, its address in an
 * attribute) has a field of its own.
 */
export interface Field<Out, In> {
  /** The attribute numbers that this field reads. */
  readonly types: readonly number[]
  /** A property that must be given. */
  readonly required?: boolean
  /** `write` is called even when the property is absent. */
  readonly always?: boolean
  /** Appends an attribute, or fills in a slot of the fixed header that begins at `base`. Absent: read only. */
  write?(writer: Writer, value: In, base: number, source: Source): void
  /** Where its slot ends, from the start of the fixed header: a shorter header lacks it. */
  readonly headerEnd?: number
  /** Absent, rather than zero, when the header is too short for it. */
  readonly optional?: boolean
  /** Reads from the fixed header that begins at `base`. */
  readHeader?(
    target: Target,
    key: string,
    bytes: Uint8Array,
    base: number,
    options: ReadOptions | undefined
  ): void
  /** Reads one attribute's payload; false if it is too short to be understood. */
  readAttribute?(
    target: Target,
    key: string,
    bytes: Uint8Array,
    offset: number,
    length: number,
    type: number,
    options: ReadOptions | undefined
  ): boolean
  /** Called after all attributes, for what depends on several. */
  readEnd?(target: Target, key: string, bytes: Uint8Array, base: number): void
  /** The path, within an attribute's payload, of the attribute that holds byte `wanted`. */
  locate?(bytes: Uint8Array, offset: number, length: number, wanted: number): string | undefined
  /** What the compiler may specialise; absent for a field of its own making, whose methods it calls. */
  readonly plan?: Plan
  /** Only to carry the types; never there. */
  readonly out?: () => Out
  readonly in?: (value: In) => void
}

export type Plan = HeaderPlan | AttributePlan | CodePlan | PartsPlan

/** The methods that a plan stands for: it is void for a field that has others. */
interface PlanMethods {
  readonly write: unknown
  readonly readHeader?: unknown
  readonly readAttribute?: unknown
  readonly readEnd?: unknown
}

export interface HeaderPlan {
  readonly place: 'header'
  readonly methods: PlanMethods
  readonly offset: number
  readonly type: Type<unknown, never>
  readonly options: HeaderOptions<unknown>
}

export interface AttributePlan {
  readonly place: 'attribute'
  readonly methods: PlanMethods
  readonly number: number
  readonly type: Type<unknown, never>
  /** Has `clear` when `null` is taken. */
  readonly options: AttributeOptions<unknown>
}

/** A field that has code of its own. */
export interface CodePlan {
  readonly place: 'code'
  readonly methods: PlanMethods
  readonly code: FieldCode
}

/** A field that is called as it is, with the types that it is made of compiled. */
export interface PartsPlan {
  readonly place: 'parts'
  readonly methods: PlanMethods
  compiled(compile: CompileType): Field<unknown, never>
}

/** A field with what the compiler may specialise. */
export function planned<Out, In>(
  field: Field<Out, In>,
  plan: DistributiveOmit<Plan, 'methods'>
): Field<Out, In> {
  const { write, readHeader, readAttribute, readEnd } = field as Record<keyof PlanMethods, unknown>
  return { ...field, plan: { ...plan, methods: { write, readHeader, readAttribute, readEnd } } }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

/** The plan of a field, if these of its methods are still those that the plan stands for, or were left out. */
export function planOf(
  field: Field<unknown, never>,
  names: readonly (keyof PlanMethods)[]
): Plan | undefined {
  const { plan } = field
  if (plan === undefined) return undefined
  const methods = field as unknown as Readonly<Record<keyof PlanMethods, unknown>>
  for (const name of names) {
    if (methods[name] !== undefined && methods[name] !== plan.methods[name]) return undefined
  }
  return plan
}

export interface HeaderOptions<In> {
  /** What to write when the property is absent; otherwise the slot stays zero. */
  readonly default?: (source: Source) => In
  /** Never shown when reading. */
  readonly hidden?: boolean
  /** When this is what lies there, the property reads as absent. */
  readonly absent?: unknown
  /** Structs of older kernels end before this slot: the property is absent then. Otherwise it reads as zero. */
  readonly optional?: boolean
}

/** A property in a slot of the fixed header, `offset` bytes from its start. */
export function header<Out, In>(
  offset: number,
  type: Type<Out, In>,
  options?: { readonly default?: (source: Source) => In }
): Field<Out, In> & { readonly present: true }
export function header<Out, In>(
  offset: number,
  type: Type<Out, In>,
  options?: HeaderOptions<In>
): Field<Out, In>
export function header<Out, In>(
  offset: number,
  type: Type<Out, In>,
  options: HeaderOptions<In> = {}
): Field<Out, In> {
  if (type.size === 0) throw new TypeError('only a type of a fixed size fits in a slot of a header')
  const fallback = options.default
  const hidden = options.hidden === true
  const hasAbsent = 'absent' in options
  const field: Field<Out, In> = {
    types: [],
    always: fallback !== undefined,
    headerEnd: offset + type.size,
    optional: options.optional === true,
    write(writer, value, base, source) {
      const given: In | undefined = value === undefined ? fallback?.(source) : value
      if (given === undefined) return
      const end = writer.position
      writer.position = base + offset
      try {
        type.write(writer, given)
      } finally {
        writer.position = end
      }
    },
    readHeader(target, key, bytes, base, readOptions) {
      if (hidden) return
      const value = type.read(bytes, base + offset, type.size, readOptions)
      if (hasAbsent && value === options.absent) return
      target[key] = value
    }
  }
  return planned(field, { place: 'header', offset, type: type as unknown as Type<unknown, never>, options })
}

export interface AttributeOptions<In> {
  /** What `null` writes: the value that clears. Without it, `null` is refused. */
  readonly clear?: In
}

/** A property in one attribute. */
export function attribute<Out, In>(
  number: number,
  type: Type<Out, In>,
  options: AttributeOptions<In> & { readonly clear: In }
): Field<Out, In | null>
export function attribute<Out, In>(number: number, type: Type<Out, In>): Field<Out, In>
export function attribute<Out, In>(
  number: number,
  type: Type<Out, In>,
  options: AttributeOptions<In> = {}
): Field<Out, In | null> {
  const wireType = type.nested === true ? number | 0x8000 : number
  const isPresence = (type as unknown) === presence
  const minimum = type.minimum ?? type.size
  const field: Field<Out, In | null> = {
    types: [number],
    write(writer, value) {
      if (isPresence && (value as unknown) === false) return
      const start = writer.beginAttribute(wireType)
      type.write(writer, value === null && 'clear' in options ? options.clear : (value as In))
      writer.endAttribute(start)
    },
    readAttribute(target, key, bytes, offset, length, _type, readOptions) {
      if (length < minimum) return false
      target[key] = type.read(bytes, offset, length, readOptions)
      return true
    },
    ...(type.locate === undefined
      ? {}
      : { locate: (bytes, offset, length, wanted) => type.locate?.(bytes, offset, length, wanted) })
  }
  return planned(field, {
    place: 'attribute',
    number,
    type: type as unknown as Type<unknown, never>,
    options
  })
}

/** A field that is only read: the kernel's to say. Giving it when writing is refused. */
export function readOnly<F extends Field<unknown, never>>(
  field: F
): Omit<F, 'in' | 'write' | 'always' | 'required'> & Field<OutOf<F>, never> {
  const rest: Partial<Record<keyof Field<unknown, never>, unknown>> = { ...field }
  delete rest.write
  delete rest.always
  return rest as unknown as Omit<F, 'in' | 'write' | 'always' | 'required'> & Field<OutOf<F>, never>
}

/** A field that is only written. */
export function writeOnly<Out, In>(field: Field<Out, In>): Field<never, In> {
  const rest: Partial<Record<keyof Field<Out, In>, unknown>> = { ...field, types: [] }
  delete rest.readHeader
  delete rest.readAttribute
  delete rest.readEnd
  delete rest.plan
  return rest as unknown as Field<never, In>
}

/** A field that must be given when writing. */
export function required<F extends Field<unknown, never>>(field: F): F & { readonly required: true } {
  return { ...field, required: true }
}

/** Declares, to the types alone, that the kernel always sends this: reading it is never `undefined`. */
export function present<F extends Field<unknown, never>>(field: F): F & { readonly present: true } {
  return field as F & { readonly present: true }
}

/** What reading a field gives. */
export type OutOf<F> = F extends { readonly out?: () => infer Out } ? Out : never

/** What writing a field takes; `never` where it is only read. */
export type InOf<F> = F extends { readonly in?: (value: infer In) => void } ? In : never
