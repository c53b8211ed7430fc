import { flags, u32 } from '../../codec/index.js'
import type { Field, InputOf } from '../../codec/index.js'

/** Where `struct ndmsg` holds `ndm_flags`. */
const flagsOffset = 10

/** `NDA_FLAGS_EXT`: the flags that had no room in `ndm_flags` (Linux 5.16). */
const NDA_FLAGS_EXT = 15

/** `NTF_*`, linux/neighbour.h, in the low byte; `NTF_EXT_*` in the bits above it. */
export const neighborFlags = flags(u32, {
  use: 0x01,
  self: 0x02,
  master: 0x04,
  proxy: 0x08,
  extern_learn: 0x10,
  offload: 0x20,
  sticky: 0x40,
  router: 0x80,
  managed: 0x100,
  locked: 0x200,
  extern_valid: 0x400
})

/** The name of a flag, as `ip neigh` and `bridge fdb` print it. */
export type NeighborFlag = InputOf<typeof neighborFlags>[number]

/** The flags as one array, though they lie in the header and in an attribute. */
export const neighborFlagsField: Field<NeighborFlag[], readonly NeighborFlag[]> & { readonly present: true } =
  {
    types: [NDA_FLAGS_EXT],
    headerEnd: flagsOffset + 1,
    present: true,
    write(writer, value, base) {
      const mask = neighborFlags.maskOf(value)
      writer.bytes[base + flagsOffset] = mask
      if (mask <= 0xff) return
      const start = writer.beginAttribute(NDA_FLAGS_EXT)
      writer.u32(mask >>> 8)
      writer.endAttribute(start)
    },
    readHeader(target, key, bytes, base) {
      target[key] = neighborFlags.namesOf(bytes[base + flagsOffset]!)
    },
    readAttribute(target, key, bytes, offset, length) {
      if (length < 4) return false
      const extended = (u32.read(bytes, offset, length) << 8) >>> 0
      ;(target[key] as NeighborFlag[]).push(...neighborFlags.namesOf(extended))
      return true
    }
  }
