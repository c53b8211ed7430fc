import { isRecord, type AnyRecord } from '../record.js'
import type { CompileType, ReadOptions, Type } from '../type.js'
import type { Writer } from '../writer.js'
import { makeDecoder } from './decoder.js'
import { makeEncoder } from './encoder.js'

export interface CompileOptions {
  /**
   * How many objects are interpreted before code is generated for the next: 32 by default. A process that
   * handles few never pays for the compilation.
   */
  readonly after?: number
}

type Write = (writer: Writer, value: unknown) => void
type Read = (bytes: Uint8Array, offset: number, length: number, options?: ReadOptions) => unknown

/** The records behind what `compile` returned. */
const originals = new WeakMap<object, AnyRecord>()

const encoders = new WeakMap<AnyRecord, Write>()
const decoders = new WeakMap<AnyRecord, Read>()
const compiledTypes = new WeakMap<object, Type<unknown, never>>()

/** False once the system has refused to make code out of text. */
let allowed = true

/**
 * The same record or struct with functions made for it alone: same bytes, same objects, same errors, several
 * times faster. Records below it are compiled with it; fields of their own making are called as they are.
 *
 * Where code must not be made out of text (`--disallow-code-generation-from-strings`), it goes on
 * interpreting.
 */
export function compile<T extends Type<unknown, never>>(type: T, options: CompileOptions = {}): T {
  const record: Type<unknown, never> = originals.get(type) ?? type
  if (!isRecord(record)) throw new TypeError('only what record() or struct() made can be compiled')
  const after = options.after ?? 32
  let written = 0
  let read = 0
  const compiled = {
    ...record,
    write: (writer: Writer, value: unknown): void => {
      if (written++ >= after) compiled.write = encoderOf(record)
      ;(written > after ? compiled.write : record.own.write)(writer, value as never)
    },
    read: (bytes: Uint8Array, offset: number, length: number, readOptions?: ReadOptions): unknown => {
      if (read++ >= after) compiled.read = decoderOf(record)
      return (read > after ? compiled.read : record.own.read)(bytes, offset, length, readOptions)
    }
  }
  originals.set(compiled, record)
  return compiled as unknown as T
}

function encoderOf(record: AnyRecord): Write {
  let write = encoders.get(record)
  if (write === undefined) {
    write = generate(() => makeEncoder(record, compileType)) ?? (record.own.write as Write)
    encoders.set(record, write)
  }
  return write
}

function decoderOf(record: AnyRecord): Read {
  let read = decoders.get(record)
  if (read === undefined) {
    read = generate(() => makeDecoder(record, compileType)) ?? record.own.read
    decoders.set(record, read)
  }
  return read
}

/** Runs `make`, unless generated code is not allowed. */
function generate<T>(make: () => T): T | undefined {
  if (!allowed) return undefined
  try {
    return make()
  } catch (error) {
    if (!(error instanceof EvalError)) throw error
    allowed = false
    return undefined
  }
}

/** The compiled form of a type below a record; the type itself where there is nothing to compile in it. */
const compileType: CompileType = (type) => {
  const original = (originals.get(type) ?? type) as unknown as typeof type
  let compiled = compiledTypes.get(original)
  if (compiled === undefined) {
    compiled = compileParts(original)
    compiledTypes.set(original, compiled)
  }
  return compiled as unknown as typeof type
}

function compileParts(type: Type<unknown, never>): Type<unknown, never> {
  if (!isRecord(type)) return type.compiled?.(compileType) ?? type
  return compile(type, { after: 0 })
}
