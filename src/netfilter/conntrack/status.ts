import { be32, flags } from '../../codec/index.js'
import type { InputOf, OutputOf } from '../../codec/index.js'

/** `IPS_*`, linux/netfilter/nf_conntrack_common.h. */
export const connectionStatus = flags(be32, {
  expected: 0x1,
  seen_reply: 0x2,
  assured: 0x4,
  confirmed: 0x8,
  src_nat: 0x10,
  dst_nat: 0x20,
  seq_adjust: 0x40,
  src_nat_done: 0x80,
  dst_nat_done: 0x100,
  dying: 0x200,
  fixed_timeout: 0x400,
  template: 0x800,
  nat_clash: 0x1000,
  helper: 0x2000,
  offload: 0x4000,
  hw_offload: 0x8000
})

/** A bit of a connection's status; a number where it has no name here. */
export type ConnectionStatus = OutputOf<typeof connectionStatus>[number]
export type ConnectionStatusSpec = InputOf<typeof connectionStatus>[number]
