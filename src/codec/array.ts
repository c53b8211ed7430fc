import { invalidType, isInvalid, joinPath } from './invalid.js'
import type { Type } from './type.js'
import { attributeHeaderSize } from './writer.js'

const expected = 'an array'

/**
 * Several values as nested attributes, one after the other. Each carries the number `number`, or its index
 * from 1 where none is given (the kernel's indexed arrays).
 */
export function list<Out, In>(type: Type<Out, In>, number?: number): Type<Out[], readonly In[]> {
  const minimum = type.minimum ?? type.size
  return {
    expected,
    size: 0,
    nested: true,
    compiled: (compile) => list(compile(type), number),
    write(writer, value) {
      if (!Array.isArray(value)) invalidType(value, expected)
      const items = value as readonly In[]
      for (let i = 0; i < items.length; i++) {
        const flag = type.nested === true ? 0x8000 : 0
        const start = writer.beginAttribute((number ?? i + 1) | flag)
        try {
          type.write(writer, items[i]!)
          writer.endAttribute(start)
        } catch (error) {
          throw isInvalid(error) ? error.within(i) : error
        }
      }
    },
    read(bytes, offset, length, options) {
      const result: Out[] = []
      const end = offset + length
      let at = offset
      while (at + attributeHeaderSize <= end) {
        const size = bytes[at]! | (bytes[at + 1]! << 8)
        if (size < attributeHeaderSize || at + size > end) break
        const payload = size - attributeHeaderSize
        if (payload >= minimum) result.push(type.read(bytes, at + attributeHeaderSize, payload, options))
        at += (size + 3) & ~3
      }
      return result
    },
    locate(bytes, offset, length, wanted) {
      const end = offset + length
      let at = offset
      for (let i = 0; at + attributeHeaderSize <= end; i++) {
        const size = bytes[at]! | (bytes[at + 1]! << 8)
        if (size < attributeHeaderSize || at + size > end) return undefined
        if (wanted >= at && wanted < at + size) {
          const payload = at + attributeHeaderSize
          const inner =
            wanted < payload ? undefined : type.locate?.(bytes, payload, size - attributeHeaderSize, wanted)
          return joinPath(i, inner)
        }
        at += (size + 3) & ~3
      }
      return undefined
    }
  }
}

/** Values of a fixed size, packed one after the other without headers. */
export function packed<Out, In>(type: Type<Out, In>): Type<Out[], readonly In[]> {
  if (type.size === 0) throw new TypeError('only values of a fixed size can be packed')
  return {
    expected,
    size: 0,
    compiled: (compile) => packed(compile(type)),
    write(writer, value) {
      if (!Array.isArray(value)) invalidType(value, expected)
      const items = value as readonly In[]
      for (let i = 0; i < items.length; i++) {
        try {
          type.write(writer, items[i]!)
        } catch (error) {
          throw isInvalid(error) ? error.within(i) : error
        }
      }
    },
    read(bytes, offset, length, options) {
      const result: Out[] = []
      for (let at = offset; at + type.size <= offset + length; at += type.size) {
        result.push(type.read(bytes, at, type.size, options))
      }
      return result
    }
  }
}
