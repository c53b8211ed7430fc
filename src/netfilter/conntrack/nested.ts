import { attributeHeaderSize, attributeTypeMask, planned } from '../../codec/index.js'
import type { Field, Type } from '../../codec/index.js'

/**
 * A property in an attribute of its own inside a nest that holds nothing else that matters: a helper's name
 * in `CTA_HELP`, the one protocol that a connection has in `CTA_PROTOINFO`. A nest without it is left to
 * other fields of the same number.
 */
export function nested<Out, In>(nest: number, number: number, type: Type<Out, In>): Field<Out, In> {
  const minimum = type.minimum ?? type.size
  const inner = type.nested === true ? number | 0x8000 : number
  const field: Field<Out, In> = {
    types: [nest],
    write(writer, value) {
      const outside = writer.beginAttribute(nest | 0x8000)
      const inside = writer.beginAttribute(inner)
      type.write(writer, value)
      writer.endAttribute(inside)
      writer.endAttribute(outside)
    },
    readAttribute(target, key, bytes, offset, length, _number, options) {
      const end = offset + length
      let at = offset
      while (at + attributeHeaderSize <= end) {
        const size = bytes[at]! | (bytes[at + 1]! << 8)
        if (size < attributeHeaderSize || at + size > end) return false
        const found = (bytes[at + 2]! | (bytes[at + 3]! << 8)) & attributeTypeMask
        const payload = size - attributeHeaderSize
        if (found === number && payload >= minimum) {
          target[key] = type.read(bytes, at + attributeHeaderSize, payload, options)
          return true
        }
        at += (size + 3) & ~3
      }
      return false
    }
  }
  return planned(field, { place: 'parts', compiled: (compile) => nested(nest, number, compile(type)) })
}
