import {
  attribute,
  be16,
  be32,
  be64,
  compile,
  invalidRange,
  invalidType,
  present,
  readOnly,
  record,
  text,
  u32,
  writeOnly
} from '../../codec/index.js'
import type { InputOf, OutputOf, Type } from '../../codec/index.js'
import { byDirection } from './direction.js'
import { ignored } from './ignored.js'
import { labels } from './labels.js'
import { nat } from './nat.js'
import { nested } from './nested.js'
import { subsystem, nfnetlinkType, nfgenmsgSize } from '../nfnetlink.js'
import { nfgenFamily } from './nfgen.js'
import { dccpInfo, sctpInfo, tcpInfo } from './protocol-info.js'
import { connectionStatus } from './status.js'
import { partialTuple, tuple } from './tuple.js'

/** `IPCTNL_MSG_CT_*`, linux/netfilter/nfnetlink_conntrack.h. */
export const IPCTNL_MSG_CT_NEW = nfnetlinkType(subsystem.conntrack, 0)
export const IPCTNL_MSG_CT_GET = nfnetlinkType(subsystem.conntrack, 1)
export const IPCTNL_MSG_CT_DELETE = nfnetlinkType(subsystem.conntrack, 2)
export const IPCTNL_MSG_CT_GET_STATS_CPU = nfnetlinkType(subsystem.conntrack, 4)
export const IPCTNL_MSG_CT_GET_STATS = nfnetlinkType(subsystem.conntrack, 5)

/** The longest name of a helper: `NF_CT_HELPER_NAME_LEN` is 16, the NUL included. */
export const helperName = text(15)

/** `CTA_COUNTERS_*`: packets and bytes of one direction, while `net.netfilter.nf_conntrack_acct` is set. */
const counters = record({
  packets: present(attribute(1, be64)),
  bytes: present(attribute(2, be64)),
  pad: ignored(5)
})

/** Milliseconds since 1970, where the kernel counts nanoseconds. */
const time: Type<number, never> = {
  expected: 'read only',
  size: 8,
  write: () => undefined,
  read: (bytes, offset) => be64.read(bytes, offset, 8) / 1e6
}

/** `CTA_TIMESTAMP_*`. */
const timestamps = record({ start: attribute(1, time), stop: attribute(2, time), pad: ignored(3) })

const expectedOffset = 'a whole number from -2147483648 to 2147483647'

/** A signed number in network byte order. */
const offset: Type<number> = {
  expected: expectedOffset,
  size: 4,
  write(writer, value) {
    if (typeof value !== 'number') invalidType(value, expectedOffset)
    if ((value | 0) !== value) invalidRange(value, expectedOffset)
    be32.write(writer, value >>> 0)
  },
  read: (bytes, at) => be32.read(bytes, at, 4) | 0
}

/** `CTA_SEQADJ_*`: how sequence numbers are shifted because a helper changed the length of what was sent. */
const sequenceAdjustment = record(
  {
    position: present(attribute(1, be32)),
    offsetBefore: present(attribute(2, offset)),
    offsetAfter: present(attribute(3, offset))
  },
  { what: 'an adjustment of sequence numbers' }
)

/** `CTA_SYNPROXY_*`. */
const synproxy = record(
  {
    initialSequence: present(attribute(1, be32)),
    initialTimestamp: present(attribute(2, be32)),
    timestampOffset: present(attribute(3, be32))
  },
  { what: 'the state of a SYN proxy' }
)

/** `CTA_*`, linux/netfilter/nfnetlink_conntrack.h. */
export const connectionMessage = compile(
  record(
    {
      family: present(nfgenFamily),
      original: present(attribute(1, tuple)),
      reply: present(attribute(2, tuple)),
      status: present(attribute(3, connectionStatus)),
      tcp: nested(4, 1, tcpInfo),
      dccp: nested(4, 2, dccpInfo),
      sctp: nested(4, 3, sctpInfo),
      helper: nested(5, 1, helperName),
      sourceNat: writeOnly(attribute(6, nat)),
      destinationNat: writeOnly(attribute(13, nat)),
      timeout: attribute(7, be32),
      mark: attribute(8, be32),
      markMask: writeOnly(attribute(21, be32)),
      counters: readOnly(byDirection(9, 10, counters)),
      use: readOnly(attribute(11, be32)),
      id: present(attribute(12, be32)),
      master: attribute(14, tuple),
      sequenceAdjustment: byDirection(15, 16, sequenceAdjustment),
      zone: attribute(18, be16),
      securityContext: readOnly(nested(19, 1, text(4096))),
      timestamps: readOnly(attribute(20, timestamps)),
      labels: attribute(22, labels),
      labelsMask: writeOnly(attribute(23, labels)),
      synproxy: attribute(24, synproxy),
      eventTime: readOnly(attribute(27, time))
    },
    { headerSize: nfgenmsgSize, what: 'a connection' }
  )
)

export type ConnectionMessage = OutputOf<typeof connectionMessage>
export type ConnectionMessageInput = InputOf<typeof connectionMessage>

/** What a request for many connections takes, beside what it is asked with in vain. */
export const filterMessage = record(
  {
    family: nfgenFamily,
    original: attribute(1, partialTuple),
    reply: attribute(2, partialTuple),
    status: attribute(3, connectionStatus),
    statusMask: attribute(26, connectionStatus),
    mark: attribute(8, be32),
    markMask: attribute(21, be32),
    zone: attribute(18, be16),
    /** `CTA_FILTER`: which parts of the tuples count, as bits in host byte order. */
    filter: attribute(25, record({ original: attribute(1, u32), reply: attribute(2, u32) }))
  },
  { headerSize: nfgenmsgSize, what: 'a filter' }
)

export type FilterMessageInput = InputOf<typeof filterMessage>
