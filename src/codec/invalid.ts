import type { ErrorCode } from '../error-codes.js'

/** What `InvalidType` and `InvalidValue` have in common. */
export interface Invalid extends Error {
  readonly code: ErrorCode
  /** The path of the offending field, such as `vxlan.id`; empty while the enclosing object is not known. */
  readonly field: string
  /** The value that was refused. */
  readonly value: unknown
  /** What is allowed, in words. */
  readonly expected: string
  /** Puts the name of the enclosing field before the path. */
  within(key: string | number): this
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function') return 'a function'
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  return String(value)
}

function sentence(field: string, value: unknown, expected: string): string {
  return `${field === '' ? 'the value' : field} must be ${expected}; got ${show(value)}`
}

/** Puts a key, or an index, before a path: `vxlan` and `id` give `vxlan.id`. */
export function joinPath(key: string | number, path: string | undefined): string {
  const rest = path === undefined || path === '' || path.startsWith('[') ? (path ?? '') : `.${path}`
  return typeof key === 'number' ? `[${key}]${rest}` : `${key}${rest}`
}

/** A value of the wrong type or form: a `TypeError` that names the field, the value and what is allowed. */
export class InvalidType extends TypeError implements Invalid {
  readonly code: ErrorCode
  readonly value: unknown
  readonly expected: string
  field = ''

  constructor(value: unknown, expected: string, code: ErrorCode = 'ERR_INVALID_ARG_TYPE') {
    super(sentence('', value, expected))
    this.code = code
    this.value = value
    this.expected = expected
  }

  within(key: string | number): this {
    this.field = joinPath(key, this.field)
    this.message = sentence(this.field, this.value, this.expected)
    return this
  }
}

/** A value outside its range: a `RangeError` that names the field, the value and what is allowed. */
export class InvalidRange extends RangeError implements Invalid {
  readonly code: ErrorCode
  readonly value: unknown
  readonly expected: string
  field = ''

  constructor(value: unknown, expected: string) {
    super(sentence('', value, expected))
    this.code = 'ERR_OUT_OF_RANGE'
    this.value = value
    this.expected = expected
  }

  within(key: string | number): this {
    this.field = joinPath(key, this.field)
    this.message = sentence(this.field, this.value, this.expected)
    return this
  }
}

export function isInvalid(error: unknown): error is Invalid {
  return error instanceof InvalidType || error instanceof InvalidRange
}

/** Refuses a value of the wrong type. */
export function invalidType(value: unknown, expected: string): never {
  throw new InvalidType(value, expected)
}

/** Refuses a value of the right type that is of no known form. */
export function invalidValue(value: unknown, expected: string): never {
  throw new InvalidType(value, expected, 'ERR_INVALID_ARG_VALUE')
}

/** Refuses a number, or a length, outside its range. */
export function invalidRange(value: unknown, expected: string): never {
  throw new InvalidRange(value, expected)
}

/** Runs `work` and puts `key` before the path of what it refuses. */
export function within<T>(key: string | number, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw isInvalid(error) ? error.within(key) : error
  }
}
