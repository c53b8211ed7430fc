import type { Inline } from './inline.js'
import type { Writer } from './writer.js'

/** How objects are read. */
export interface ReadOptions {
  /** Give 64-bit counters as `bigint`, exact past 2^53, as in `node:fs`. */
  readonly bigint?: boolean | undefined
}

/**
 * How a value lies in the payload of an attribute or in a slot of a fixed struct. `Out` is what reading
 * gives, `In` what writing takes.
 */
export interface Type<Out, In = Out> {
  /** What a value must be, for error messages: `'an IPv4 address'`. */
  readonly expected: string
  /**
   * The bytes that it takes in a fixed slot or a packed array; 0 where that depends on the value. A shorter
   * attribute is kept as an unknown one, unless `minimum` says otherwise.
   */
  readonly size: number
  /** The fewest bytes that can be read from an attribute, where that is not `size`. */
  readonly minimum?: number
  /** The payload is attributes: its attribute carries `NLA_F_NESTED`. */
  readonly nested?: boolean
  /** Appends the payload. Throws `InvalidType` or `InvalidRange`. */
  write(writer: Writer, value: In): void
  read(bytes: Uint8Array, offset: number, length: number, options?: ReadOptions): Out
  /** The path, within a payload, of the attribute that holds byte `wanted`. */
  locate?(bytes: Uint8Array, offset: number, length: number, wanted: number): string | undefined
  /** How compiled code spells it out; without it, compiled code calls `write` and `read`. */
  readonly inline?: Inline
  /** The same type with the types that it is made of compiled; absent where it is made of none. */
  compiled?(compile: CompileType): Type<Out, In>
}

/** Gives the compiled form of a type. */
export type CompileType = <Out, In>(type: Type<Out, In>) => Type<Out, In>

/** What reading a `Type` gives. */
export type OutputOf<T> = T extends { read(bytes: Uint8Array, offset: number, length: number): infer Out }
  ? Out
  : never

/** What writing a `Type` takes. */
export type InputOf<T> = T extends { write(writer: Writer, value: infer In): void } ? In : never
