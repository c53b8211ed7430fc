import { attribute } from '../../codec/index.js'
import type { Field, Type } from '../../codec/index.js'

/** A property in one attribute that the kernel always sends; `none` is its way of saying that there is none. */
export function unless<Out, In>(number: number, type: Type<Out, In>, none: Out): Field<Out, In> {
  return {
    types: [number],
    write: attribute(number, type).write!,
    readAttribute(target, key, bytes, offset, length, _type, options) {
      if (length < type.size) return false
      const value = type.read(bytes, offset, length, options)
      if (value !== none) target[key] = value
      return true
    }
  }
}
