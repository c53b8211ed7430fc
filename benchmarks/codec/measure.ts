/** Nanoseconds an object that encoding and decoding take. */
import { compile, Writer, type AnyRecord } from '../../src/codec/index.js'
import type { CodecCase } from './cases.js'

const objects = 1000
const rounds = 41
/** Milliseconds after which the engine has compiled even the largest function. */
const warmUp = 300

export interface CodecFigures {
  readonly encode: { readonly interpreted: number; readonly compiled: number }
  readonly decode: { readonly interpreted: number; readonly compiled: number }
  /** How many properties a decoded object has. */
  readonly properties: number
}

/** `best` takes the best round and not the median one: for a machine that does other things beside. */
export function measureCodec({ type: schema, make, sent = make }: CodecCase, best = false): CodecFigures {
  const type = { ...schema, ...(schema as AnyRecord).own } as AnyRecord
  const compiled = compile(type)
  const values = Array.from({ length: objects }, (_, i) => make(i))
  const messages = encodeAll(
    type,
    Array.from({ length: objects }, (_, i) => sent(i))
  )
  const figures = {
    encode: { interpreted: encoding(type, values, best), compiled: encoding(compiled, values, best) },
    decode: { interpreted: decoding(type, messages, best), compiled: decoding(compiled, messages, best) }
  }
  const [bytes, offset, length] = messages[7]!
  return { ...figures, properties: Object.keys(type.read(bytes, offset, length) as object).length }
}

/** The time of one of `objects` calls, in nanoseconds. */
function measure(work: (i: number) => void, best: boolean): number {
  const times: number[] = []
  const end = performance.now() + warmUp
  while (performance.now() < end) for (let i = 0; i < objects; i++) work(i)
  for (let round = 0; round < rounds; round++) {
    const start = process.hrtime.bigint()
    for (let i = 0; i < objects; i++) work(i)
    times.push(Number(process.hrtime.bigint() - start) / objects)
  }
  return times.sort((a, b) => a - b)[best ? 0 : rounds >> 1]!
}

let sink: unknown

function encoding(type: AnyRecord, values: readonly object[], best: boolean): number {
  const writer = new Writer(1 << 20)
  return measure((i) => {
    if (i === 0) writer.position = 0
    const start = writer.beginMessage(24, 0x605)
    type.write(writer, values[i] as never)
    writer.endMessage(start)
  }, best)
}

function decoding(type: AnyRecord, messages: readonly [Uint8Array, number, number][], best: boolean): number {
  const time = measure((i) => {
    const [bytes, offset, length] = messages[i]!
    sink = type.read(bytes, offset, length)
  }, best)
  if (sink === undefined) throw new Error('nothing was read')
  return time
}

/** The messages one after the other in one buffer, as a dump delivers them. */
function encodeAll(type: AnyRecord, values: readonly object[]): [Uint8Array, number, number][] {
  const writer = new Writer()
  const places = values.map((value) => {
    const start = writer.beginMessage(24, 0)
    type.write(writer, value as never)
    writer.endMessage(start)
    return [start + 16, writer.position - start - 16] as const
  })
  const bytes = writer.written().slice()
  return places.map(([offset, length]) => [bytes, offset, length])
}
