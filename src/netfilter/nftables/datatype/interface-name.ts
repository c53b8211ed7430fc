import { interfaceName, invalidType } from '../../../codec/index.js'
import type { Type } from '../../../codec/index.js'

/** An interface name padded to `IFNAMSIZ` = 16 bytes. */
export const interfaceNameType: Type<string> = {
  expected: interfaceName.expected,
  size: 16,
  write(writer, value) {
    if (typeof value !== 'string') invalidType(value, interfaceName.expected)
    const start = writer.zeros(16)
    writer.position = start
    interfaceName.write(writer, value)
    writer.position = start + 16
  },
  read: (bytes, offset, length) => interfaceName.read(bytes, offset, length)
}
