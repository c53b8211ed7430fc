import type { DumpRequest, Message, NetlinkConnection } from '../../netlink/index.js'

/** How one kind of object is watched. */
export interface Watched<T extends object> {
  /** Multicast groups (`RTNLGRP_*`, linux/rtnetlink.h) that tell of it. */
  readonly groups: readonly number[]
  /** The message types that tell of it. */
  readonly added: number
  readonly deleted: number
  dump(connection: NetlinkConnection): DumpRequest<T>
  /** Reads an event; `undefined` where it is not about an object as a dump shows it. */
  read(message: Message, connection: NetlinkConnection): T | undefined
  /** What tells one object from another. */
  key(value: T): string
  /** The part of the key that several objects may share, where an event can replace one of these. */
  base?(value: T): string
  /** Properties that change without an event: counters, ages. They make no difference. */
  readonly volatile: readonly string[]
}
