import { header, present, struct, u64 } from '../../codec/index.js'
import type { OutputOf } from '../../codec/index.js'

/** `struct rtnl_link_stats64`, linux/if_link.h, which says what exactly each counts. */
export const linkStatistics = struct(
  200,
  {
    receivePackets: present(header(0, u64)),
    transmitPackets: present(header(8, u64)),
    receiveBytes: present(header(16, u64)),
    transmitBytes: present(header(24, u64)),
    /** Bad packets of any sort. */
    receiveErrors: present(header(32, u64)),
    transmitErrors: present(header(40, u64)),
    /** Good packets that were not processed: no memory, no such protocol. */
    receiveDropped: present(header(48, u64)),
    transmitDropped: present(header(56, u64)),
    /** Multicast packets received. */
    multicast: present(header(64, u64)),
    collisions: present(header(72, u64)),
    receiveLengthErrors: present(header(80, u64)),
    receiveOverErrors: present(header(88, u64)),
    receiveCrcErrors: present(header(96, u64)),
    receiveFrameErrors: present(header(104, u64)),
    receiveFifoErrors: present(header(112, u64)),
    receiveMissedErrors: present(header(120, u64)),
    transmitAbortedErrors: present(header(128, u64)),
    transmitCarrierErrors: present(header(136, u64)),
    transmitFifoErrors: present(header(144, u64)),
    transmitHeartbeatErrors: present(header(152, u64)),
    transmitWindowErrors: present(header(160, u64)),
    receiveCompressed: present(header(168, u64)),
    transmitCompressed: present(header(176, u64)),
    /** Packets that came to a link which receives none, such as the backup of a bond. */
    receiveNoHandler: present(header(184, u64)),
    /** Packets for another MAC address (Linux 5.19). */
    receiveOtherHostDropped: header(192, u64, { optional: true })
  },
  { minimum: 184, what: 'statistics' }
)

type Wire = OutputOf<typeof linkStatistics>

/** What a link has counted: numbers, exact to 2^53, or `bigint` where that was asked for. */
export type LinkStatistics<Counter extends number | bigint = number> = {
  readonly [K in keyof Wire]: Counter
}
