import {
  InvalidType,
  attributeHeaderSize,
  attributeTypeMask,
  invalidType,
  invalidValue,
  joinPath,
  readText,
  within
} from '../../../codec/index.js'
import type { Type, Writer } from '../../../codec/index.js'
import { nftName } from '../names.js'
import type { ExpressionKind, KindInput, KindOutput } from './kind.js'

/** `NFTA_EXPR_*`, linux/netfilter/nf_tables.h */
const NFTA_EXPR_NAME = 1
const NFTA_EXPR_DATA = 2
const nested = 0x8000

/** An expression that netloom doesn't know, as it came; written back as it is. */
export interface UnknownExpression {
  readonly kind: 'unknown'
  /** As the kernel spells it. */
  readonly name: string
  /** The payload of `NFTA_EXPR_DATA`; absent if there is none. */
  readonly data?: Uint8Array | undefined
}

type OptionsOf<K> = K extends ExpressionKind<infer O> ? O : never

/** What writing an expression out of a list of kinds takes. */
export type InputOfKinds<K extends readonly ExpressionKind[]> =
  { [I in keyof K]: KindInput<OptionsOf<K[I]>> }[number] | UnknownExpression

/** What reading one gives. */
export type OutputOfKinds<K extends readonly ExpressionKind[]> =
  { [I in keyof K]: KindOutput<OptionsOf<K[I]>> }[number] | UnknownExpression

/** An expression, one out of `kinds`: a name, and attributes that depend on it. */
export function expressionOf<const K extends readonly ExpressionKind[]>(
  kinds: K
): Type<OutputOfKinds<K>, InputOfKinds<K>> {
  const byName = new Map(kinds.map((kind) => [kind.name, kind]))
  const expected = `an expression, of kind ${kinds.map(({ name }) => name).join(', ')} or unknown`

  function kindOf(value: unknown): ExpressionKind {
    if (typeof value !== 'object' || value === null) invalidType(value, expected)
    const { kind } = value as { kind?: unknown }
    const found = byName.get(kind as string)
    return found ?? within('kind', () => invalidValue(kind, expected))
  }

  return {
    expected,
    size: 0,
    nested: true,
    write(writer, value) {
      if ((value as Partial<UnknownExpression> | null | undefined)?.kind === 'unknown') {
        writeUnknownExpression(writer, value as UnknownExpression)
        return
      }
      const kind = kindOf(value)
      writeName(writer, kind.name)
      const start = writer.beginAttribute(NFTA_EXPR_DATA | nested)
      kind.data.write(writer, value)
      writer.endAttribute(start)
    },
    read(bytes, offset, length, options) {
      const parts = partsOf(bytes, offset, length)
      const kind = byName.get(parts.name)
      if (kind === undefined) {
        const raw = parts.size < 0 ? undefined : bytes.slice(parts.at, parts.at + parts.size)
        return { kind: 'unknown', name: parts.name, ...(raw === undefined ? {} : { data: raw }) }
      }
      const fields = kind.data.read(bytes, parts.at, Math.max(parts.size, 0), options)
      kind.options.settle?.(fields)
      return fields as unknown as OutputOfKinds<K>
    },
    locate(bytes, offset, length, wanted) {
      const parts = partsOf(bytes, offset, length)
      if (wanted < parts.at || wanted >= parts.at + parts.size) return wanted < parts.at ? '' : undefined
      const inner = byName.get(parts.name)?.data.locate(bytes, parts.at, parts.size, wanted)
      return inner === undefined ? '' : joinPath(inner, undefined)
    }
  }
}

interface Parts {
  name: string
  /** Where the attributes begin, and how long they are; −1 if there are none. */
  at: number
  size: number
}

function partsOf(bytes: Uint8Array, offset: number, length: number): Parts {
  const parts: Parts = { name: '', at: offset, size: -1 }
  const end = offset + length
  let at = offset
  while (at + attributeHeaderSize <= end) {
    const size = bytes[at]! | (bytes[at + 1]! << 8)
    if (size < attributeHeaderSize || at + size > end) break
    const number = (bytes[at + 2]! | (bytes[at + 3]! << 8)) & attributeTypeMask
    if (number === NFTA_EXPR_NAME) {
      parts.name = readText(bytes, at + attributeHeaderSize, size - attributeHeaderSize)
    } else if (number === NFTA_EXPR_DATA) {
      parts.at = at + attributeHeaderSize
      parts.size = size - attributeHeaderSize
    }
    at += (size + 3) & ~3
  }
  return parts
}

function writeName(writer: Writer, name: string): void {
  const start = writer.beginAttribute(NFTA_EXPR_NAME)
  nftName.write(writer, name)
  writer.endAttribute(start)
}

function writeUnknownExpression(writer: Writer, { name, data }: UnknownExpression): void {
  within('name', () => writeName(writer, name))
  if (data === undefined) return
  if (!(data instanceof Uint8Array)) throw new InvalidType(data, 'a Uint8Array').within('data')
  const start = writer.beginAttribute(NFTA_EXPR_DATA | nested)
  writer.raw(data)
  writer.endAttribute(start)
}
