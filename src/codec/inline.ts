import type { Type } from './type.js'

/** What generated code refers to by name: values of this process, and variables of its own. */
export interface Scope {
  /** A name for a value. */
  constant(value: unknown): string
  /** A variable that lives from call to call, given its initial value as source text. */
  memory(initial: string): string
  /** A variable of the function, given its initial value as source text. */
  local(initial: string): string
}

/**
 * How a type that is a number on the wire is spelled out in compiled code. All members give source text of
 * expressions; `value` and `number` are names or constants, so that they may be repeated.
 */
export interface InlineNumber {
  readonly width: 1 | 2 | 4
  readonly bigEndian?: boolean
  readonly encode: (value: string, scope: Scope) => InlineValue
  /** The value that the number stands for; without it, `Inline.read` or the type's `read` gives it. */
  readonly decode?: (number: string, scope: Scope) => string
}

export interface InlineValue {
  /** True when the value must go through `write` instead, which refuses it, or knows further forms. */
  readonly slow?: string
  /** The number to store, evaluated once and after `slow` was false; bits past its width are cut off. */
  readonly number: string
}

/** What the compiler puts in place of calls of a type's `write` and `read`. Nothing of it changes what they do. */
export interface Inline {
  /** The methods that it stands for. */
  readonly of: { readonly write: unknown; readonly read: unknown }
  readonly number?: InlineNumber
  /** An expression that reads a payload of `length` bytes at `at` of `bytes`. */
  read?(at: string, length: string, scope: Scope): string
}

/** A type with its inline form, which is void for a copy of the type that has other methods. */
export function inlined<T extends Type<unknown, never>>(type: T, inline: Omit<Inline, 'of'>): T {
  return { ...type, inline: { ...inline, of: methods(type) } }
}

/** The inline form of one method of a type, if it has one and the method is still the one it stands for. */
export function inlineOf(type: Type<unknown, never>, method: 'write' | 'read'): Inline | undefined {
  const { inline } = type
  return inline !== undefined && inline.of[method] === methods(type)[method] ? inline : undefined
}

const methods = (type: object): Inline['of'] => type as Inline['of']

/**
 * What the compiler puts in place of calls of a field's methods. The statements see the record's variables:
 * when writing, `b` and `w` (the writer's bytes and words), `q` (the index of the next word), `base`; when
 * reading, `bytes` and `base`.
 */
export interface FieldCode {
  /** The most bytes that `write` stores at `q` without `otherwise`. */
  readonly size: number
  /** Statements that write `value`; `otherwise` are those that call the field's own `write`. */
  write(value: string, otherwise: string, scope: Scope): string
  /** Statements for before all attributes. */
  readHeader?(assign: (value: string) => string, scope: Scope): string
  /**
   * Statements that read a payload of `length` bytes at `at`, with `break known` once it is understood;
   * `assign` gives the statement that sets the property.
   */
  readAttribute(at: string, length: string, assign: (value: string) => string, scope: Scope): string
  /** Statements for after all attributes. */
  readEnd?(assign: (value: string) => string, scope: Scope): string
}
