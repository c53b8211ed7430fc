/** Where things lie in an entry: all offsets are bytes from its beginning. */
export interface EntryLayout {
  /** How long it is; matches follow. */
  readonly size: number
  /** Of the masks of source and destination, one behind the other. */
  readonly addressMasks: readonly [from: number, to: number]
  /** Names and masks of the links, 16 bytes each: in, out, in's mask, out's mask. */
  readonly links: number
  /** A `u16`. */
  readonly protocol: number
  /** Bytes. */
  readonly flags: number
  readonly invertedFlags: number
  /** `u16` each: where the target begins, and the next entry. */
  readonly targetOffset: number
  readonly nextOffset: number
  /** The flag by which a target's jump doesn't come back. */
  readonly goto: number
}

export type XtablesFamily = 'inet' | 'inet6'

/** `struct ipt_entry`, linux/netfilter_ipv4/ip_tables.h, and `struct ip6t_entry`, linux/netfilter_ipv6/ip6_tables.h */
export const entryLayouts: Readonly<Record<XtablesFamily, EntryLayout>> = {
  inet: {
    ...{ size: 112, addressMasks: [8, 16], links: 16, protocol: 80, flags: 82, invertedFlags: 83 },
    ...{ targetOffset: 88, nextOffset: 90, goto: 2 }
  },
  inet6: {
    ...{ size: 168, addressMasks: [32, 64], links: 64, protocol: 128, flags: 131, invertedFlags: 132 },
    ...{ targetOffset: 140, nextOffset: 142, goto: 4 }
  }
}

/** `IFNAMSIZ` */
export const linkNameSize = 16

/** `IPT_INV_VIA_IN` and `IPT_INV_VIA_OUT`, and the twins of IPv6, which are the same. */
export const inverted = { input: 1, output: 2 } as const

/** `struct xt_entry_match` and `struct xt_entry_target`, linux/netfilter/x_tables.h: a length, a name, a revision. */
export const extensionHeader = { size: 32, name: 2, nameSize: 29 } as const
