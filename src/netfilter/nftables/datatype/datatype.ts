import { Writer, invalidType } from '../../../codec/index.js'
import type { NumberType, Type } from '../../../codec/index.js'

/** How the values of a key or a piece of data lie in a register, and the number that libnftables knows them by. */
export interface DataType<In = never, Out = unknown> extends Type<Out, In> {
  /** As nft names it: `'ipv4_addr'`. */
  readonly name: string
  /** `enum datatypes`, nftables' datatype.h; `NFTA_SET_KEY_TYPE` carries it. */
  readonly id: number
  readonly byteOrder: 'host' | 'network'
  /** Several names at once are bits of one value. */
  readonly bitmask?: boolean
  /** Texts such as `'10.0.0.0/8'` or `'80-90'` stand for intervals. */
  readonly intervals?: 'address' | 'number'
}

/** Declares a data type out of a codec type of fixed size. */
export function dataType<In, Out>(
  name: string,
  id: number,
  type: Type<Out, In>,
  options: Pick<DataType, 'byteOrder' | 'bitmask' | 'intervals'>
): DataType<In, Out> {
  return { ...type, name, id, ...options }
}

const scratch = new Writer(64)

/** The bytes of one value. */
export function encodeValue(type: DataType, value: unknown): Uint8Array {
  scratch.truncate(0)
  type.write(scratch, value as never)
  const bytes = scratch.bytes.slice(0, scratch.position)
  return bytes
}

/** Numbers, or texts of digits such as nft takes. */
export function numeric(type: NumberType): Type<number, number | string> {
  return {
    ...type,
    write(writer, value) {
      const number = typeof value === 'string' ? parseNumber(value) : value
      if (number === undefined) invalidType(value, type.expected)
      type.write(writer, number)
    }
  }
}

/** A whole number in decimal or hexadecimal digits. */
export function parseNumber(text: string): number | undefined {
  return /^(0x[0-9a-f]{1,13}|[0-9]{1,16})$/i.test(text) ? Number(text) : undefined
}
