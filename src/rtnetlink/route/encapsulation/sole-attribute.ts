import { attribute, record } from '../../../codec/index.js'
import type { Type, UnknownAttribute } from '../../../codec/index.js'

/** A nest of one attribute, whose properties are those of the nest itself. */
export function soleAttribute<Out extends object, In extends object>(
  number: number,
  type: Type<Out, In>
): Type<Out & { unknown?: UnknownAttribute[] }, In> {
  const nest = record({ sole: attribute<object, object>(number, type as unknown as Type<object, object>) })
  return {
    expected: type.expected,
    size: 0,
    nested: true,
    write(writer, value) {
      const start = writer.beginAttribute(number)
      type.write(writer, value)
      writer.endAttribute(start)
    },
    read(bytes, offset, length, options) {
      const { sole, unknown } = nest.read(bytes, offset, length, options)
      return { ...(sole as Out), ...(unknown === undefined ? {} : { unknown }) }
    }
  }
}
