import type { Terminal } from '../terminal.js'

/** A value as JSON on one line. Bytes become hexadecimal digits, and a lifetime without end `"forever"`. */
export function compactJson(value: unknown): string {
  return JSON.stringify(value, plain)
}

/** A value as JSON for people, with its final newline. */
export function prettyJson(value: unknown): string {
  return `${JSON.stringify(value, plain, 2)}\n`
}

function plain(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (typeof value === 'bigint') return String(value)
  return value === Infinity ? 'forever' : value
}

/** Bytes that are gathered before they are written. */
const chunkSize = 1 << 16

/** Writes pieces of text as they come, in larger chunks. */
export async function writeAll(
  terminal: Terminal,
  pieces: AsyncIterable<string> | Iterable<string>
): Promise<void> {
  let chunk = ''
  for await (const piece of pieces) {
    chunk += piece
    if (chunk.length < chunkSize) continue
    await terminal.write(chunk)
    chunk = ''
  }
  if (chunk !== '') await terminal.write(chunk)
}

/** An array in JSON, an element on each line. */
export async function* jsonLines(values: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<string> {
  let before = '['
  for await (const value of values) {
    yield `${before}${compactJson(value)}`
    before = ',\n'
  }
  yield before === '[' ? '[]\n' : ']\n'
}
