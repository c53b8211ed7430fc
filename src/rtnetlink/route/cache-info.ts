import { i32, u32 } from '../../codec/index.js'
import type { Field } from '../../codec/index.js'

/** What the kernel tells of a route's use. */
export interface RouteCacheInfo {
  readonly references: number
  /** Seconds since it was last used. */
  readonly lastUsed: number
  /** The error that the route answers with, negative, such as −113 for an unreachable one. */
  readonly error: number
  readonly used: number
}

/** Where the numbers lie in `struct rta_cacheinfo`, linux/rtnetlink.h. */
const at = { references: 0, lastUsed: 4, expires: 8, error: 12, used: 16 } as const
const size = 32
/** `USER_HZ`. */
const ticksPerSecond = 100

const RTA_CACHEINFO = 12
const RTA_EXPIRES = 23

/** `RTA_CACHEINFO`. IPv6 sends it with each route: what is zero throughout reads as absent. */
export const cacheInfo: Field<RouteCacheInfo, unknown> = {
  types: [RTA_CACHEINFO],
  // The kernel's to say; taken and dropped, so that a route that was read can be given back.
  write: () => undefined,
  readAttribute(target, key, bytes, offset, length) {
    if (length < size) return false
    const references = u32.read(bytes, offset + at.references, 4)
    const lastUsed = u32.read(bytes, offset + at.lastUsed, 4)
    const error = i32.read(bytes, offset + at.error, 4)
    const used = u32.read(bytes, offset + at.used, 4)
    if ((references | lastUsed | error | used) !== 0) {
      target[key] = { references, lastUsed: lastUsed / ticksPerSecond, error, used }
    }
    return true
  }
}

/** Seconds: written in `RTA_EXPIRES`, read from `RTA_CACHEINFO`. */
export const expires: Field<number, number> = {
  types: [RTA_CACHEINFO],
  write(writer, value) {
    const start = writer.beginAttribute(RTA_EXPIRES)
    u32.write(writer, value)
    writer.endAttribute(start)
  },
  readAttribute(target, key, bytes, offset, length) {
    if (length < size) return false
    const ticks = i32.read(bytes, offset + at.expires, 4)
    if (ticks !== 0) target[key] = ticks / ticksPerSecond
    return true
  }
}
