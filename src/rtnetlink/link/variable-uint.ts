import { u32, u64 } from '../../codec/index.js'
import type { Type } from '../../codec/index.js'

/** `NLA_UINT`, linux/netlink.h: 4 bytes where the number fits, otherwise 8. */
export const variableUint: Type<number, number | bigint> = {
  expected: u64.expected,
  size: 4,
  write: (writer, value) => u64.write(writer, value),
  read: (bytes, offset, length, options) =>
    length >= 8
      ? u64.read(bytes, offset, 8, options)
      : options?.bigint === true
        ? (BigInt(u32.read(bytes, offset, 4)) as unknown as number)
        : u32.read(bytes, offset, 4)
}
