import { invalidType, within } from '../../../codec/index.js'
import { encodeValue } from '../datatype/datatype.js'
import type { DataType } from '../datatype/datatype.js'
import { registerAt } from '../rule/registers.js'
import type { RuleBuilder } from '../rule/builder.js'

/** How a selector gets its value. */
export interface SelectorParts {
  /** As nft writes it. */
  readonly name: string
  readonly type: DataType
  /** Matches that must come before: `tcp.dport` is read of TCP packets only. */
  readonly require?: (builder: RuleBuilder) => void
  /** Appends what loads the value into the register at `place`; of a payload, the first `size` bytes alone. */
  readonly load: (builder: RuleBuilder, place: number, size?: number) => void
  /** A shorter value, from its start, can be loaded on its own. */
  readonly shortens?: boolean
  /** The value is part of the bytes that are loaded: the bits of `mask`, shifted to the left. */
  readonly field?: { readonly mask: Uint8Array; readonly shift: number } | undefined
  /** What being equal to a value settles. */
  readonly settles?: ((builder: RuleBuilder, value: Uint8Array) => void) | undefined
  /** Appends what writes the register at `place` to where the value comes from. */
  readonly store?: ((builder: RuleBuilder, place: number) => void) | undefined
  /** In place of `store`, where it takes more than one register. */
  readonly assign?: ((builder: RuleBuilder, value: Uint8Array) => void) | undefined
  /** A computed value: bits of it are compared as they are. */
  readonly computed?: boolean
  /** The parts of a concatenation. */
  readonly parts?: readonly Selector<unknown>[]
}

/**
 * Something of a packet, its connection, or its route that a rule can look at: `tcp.dport`, `ct.state`. `V` is
 * what it is compared with.
 */
export class Selector<V> {
  /** For the types alone. */
  declare readonly value?: V
  readonly parts: SelectorParts

  constructor(parts: SelectorParts) {
    this.parts = parts
  }

  get name(): string {
    return this.parts.name
  }

  get type(): DataType {
    return this.parts.type
  }

  /** `x & mask` */
  and(mask: V): Selector<V> {
    return this.#computed('&', mask, (bytes) => ({ mask: bytes, xor: zeros(bytes) }))
  }

  /** `x | bits` */
  or(bits: V): Selector<V> {
    return this.#computed('|', bits, (bytes) => ({ mask: bytes.map((byte) => ~byte), xor: bytes }))
  }

  /** `x ^ bits` */
  xor(bits: V): Selector<V> {
    return this.#computed('^', bits, (bytes) => ({ mask: bytes.map(() => 0xff), xor: bytes }))
  }

  /** `x << bits`; the value must be a number in host byte order. */
  shiftLeft(bits: number): Selector<V> {
    return this.#shifted('<<', 'left-shift', bits)
  }

  /** `x >> bits` */
  shiftRight(bits: number): Selector<V> {
    return this.#shifted('>>', 'right-shift', bits)
  }

  #computed(
    sign: string,
    operand: V,
    compute: (bytes: Uint8Array) => { mask: Uint8Array; xor: Uint8Array }
  ): Selector<V> {
    const { parts } = this
    return new Selector({
      ...parts,
      name: `${parts.name} ${sign} ${String(operand)}`,
      computed: true,
      shortens: false,
      load(builder, place) {
        parts.load(builder, place)
        const bytes = within('mask', () => encodeField(parts, operand))
        const register = registerAt(place)
        const { mask, xor } = compute(bytes)
        builder.emit({
          kind: 'bitwise',
          sourceRegister: register,
          destinationRegister: register,
          length: bytes.length,
          mask: { value: mask },
          xor: { value: xor }
        })
      }
    })
  }

  #shifted(sign: string, operation: 'left-shift' | 'right-shift', bits: number): Selector<V> {
    const { parts } = this
    const most = parts.type.size * 8 - 1
    if (!Number.isInteger(bits) || bits < 1 || bits > most) {
      within('bits', () => invalidType(bits, `a whole number from 1 to ${most}`))
    }
    return new Selector({
      ...parts,
      name: `${parts.name} ${sign} ${bits}`,
      computed: true,
      shortens: false,
      load(builder, place) {
        parts.load(builder, place)
        const register = registerAt(place)
        builder.emit({
          kind: 'bitwise',
          sourceRegister: register,
          destinationRegister: register,
          length: parts.type.size,
          operation,
          data: { value: Uint8Array.of(bits, 0, 0, 0) }
        })
      }
    })
  }
}

const zeros = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes.length)

/** The bytes of a value as they lie among those that a selector loads. */
export function encodeField(parts: SelectorParts, value: unknown): Uint8Array {
  const bytes = encodeValue(parts.type, value)
  return parts.field === undefined ? bytes : shiftField(parts.field, bytes)
}

/** Shifts the bytes of a value to where its field lies. */
export function shiftField(
  field: { readonly mask: Uint8Array; readonly shift: number },
  bytes: Uint8Array
): Uint8Array {
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  value <<= BigInt(field.shift)
  const result = new Uint8Array(field.mask.length)
  for (let i = result.length - 1; i >= 0; i--) {
    result[i] = Number(value & 0xffn)
    value >>= 8n
  }
  return result
}

/** The bytes that a selector puts into registers. */
export function loadedSize({ type, field }: SelectorParts): number {
  return field === undefined ? type.size : field.mask.length
}

/** Loads a selector, with what must come before; gives its register. */
export function loadSelector(builder: RuleBuilder, selector: Selector<unknown>, ready = false): number {
  const { parts } = selector
  if (!ready) parts.require?.(builder)
  const place = builder.registers.take(loadedSize(parts))
  parts.load(builder, place)
  if (parts.field !== undefined && parts.computed !== true) maskField(builder, parts, place)
  return registerAt(place)
}

/** Leaves of what was loaded only the bits of the field. */
export function maskField(builder: RuleBuilder, { field }: SelectorParts, place: number): void {
  if (field === undefined) return
  const register = registerAt(place)
  builder.emit({
    kind: 'bitwise',
    sourceRegister: register,
    destinationRegister: register,
    length: field.mask.length,
    mask: { value: field.mask },
    xor: { value: zeros(field.mask) }
  })
}
