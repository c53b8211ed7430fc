import { planned, type Field } from './field.js'
import { invalidType, isInvalid } from './invalid.js'
import type { Type } from './type.js'

const expected = 'an array'

/** A property that is an array: one attribute of the same number for each item, beside the other attributes. */
export function repeated<Out, In>(number: number, type: Type<Out, In>): Field<Out[], readonly In[]> {
  const wireType = type.nested === true ? number | 0x8000 : number
  const minimum = type.minimum ?? type.size
  const field: Field<Out[], readonly In[]> = {
    types: [number],
    write(writer, value) {
      if (!Array.isArray(value)) invalidType(value, expected)
      const items = value as readonly In[]
      for (let i = 0; i < items.length; i++) {
        try {
          const start = writer.beginAttribute(wireType)
          type.write(writer, items[i]!)
          writer.endAttribute(start)
        } catch (error) {
          throw isInvalid(error) ? error.within(i) : error
        }
      }
    },
    readAttribute(target, key, bytes, offset, length, _type, options) {
      if (length < minimum) return false
      const items = (target[key] ??= []) as Out[]
      items.push(type.read(bytes, offset, length, options))
      return true
    },
    // Which of the items it is can't be told from one attribute alone.
    locate: (bytes, offset, length, wanted) => type.locate?.(bytes, offset, length, wanted)
  }
  return planned(field, { place: 'parts', compiled: (compile) => repeated(number, compile(type)) })
}
