import {
  attribute,
  be32,
  be64,
  enumeration,
  flags,
  present,
  record,
  required,
  u8
} from '../../codec/index.js'
import type { InputOf, OutputOf, Type } from '../../codec/index.js'
import { byDirection } from './direction.js'

/** `enum tcp_conntrack`, linux/netfilter/nf_conntrack_tcp.h. */
export const tcpState = enumeration(u8, {
  none: 0,
  syn_sent: 1,
  syn_recv: 2,
  established: 3,
  fin_wait: 4,
  close_wait: 5,
  last_ack: 6,
  time_wait: 7,
  close: 8,
  syn_sent2: 9
})

/** `IP_CT_TCP_FLAG_*`, linux/netfilter/nf_conntrack_tcp.h. */
const tcpFlag = flags(u8, {
  window_scale: 0x01,
  sack_perm: 0x02,
  close_init: 0x04,
  be_liberal: 0x08,
  data_unacknowledged: 0x10,
  maxack_set: 0x20,
  challenge_ack: 0x40,
  simultaneous_open: 0x80
})

/** `struct nf_ct_tcp_flags`: the flags, then which of them to change. All of them are, as given. */
const tcpFlags: Type<OutputOf<typeof tcpFlag>, InputOf<typeof tcpFlag>> = {
  expected: tcpFlag.expected,
  size: 2,
  minimum: 1,
  write(writer, value) {
    tcpFlag.write(writer, value)
    writer.u8(0xff)
  },
  read: (bytes, offset) => tcpFlag.read(bytes, offset, 1)
}

/** `CTA_PROTOINFO_TCP_*`. */
export const tcpInfo = record(
  {
    state: attribute(1, tcpState),
    windowScale: byDirection(2, 3, u8),
    flags: byDirection(4, 5, tcpFlags)
  },
  { what: 'the state of a TCP connection' }
)

/** `CT_DCCP_*`, linux/netfilter/nf_conntrack_dccp.h. */
const dccpState = enumeration(u8, {
  none: 0,
  request: 1,
  respond: 2,
  partopen: 3,
  open: 4,
  closereq: 5,
  closing: 6,
  timewait: 7,
  ignore: 8,
  invalid: 9
})

/** `CTA_PROTOINFO_DCCP_*`: tracked until Linux 6.16. */
export const dccpInfo = record(
  {
    state: present(required(attribute(1, dccpState))),
    role: present(required(attribute(2, enumeration(u8, { client: 0, server: 1 })))),
    handshakeSequence: attribute(3, be64)
  },
  { what: 'the state of a DCCP connection' }
)

/** `enum sctp_conntrack`, linux/netfilter/nf_conntrack_sctp.h. */
const sctpState = enumeration(u8, {
  none: 0,
  closed: 1,
  cookie_wait: 2,
  cookie_echoed: 3,
  established: 4,
  shutdown_sent: 5,
  shutdown_recd: 6,
  shutdown_ack_sent: 7,
  heartbeat_sent: 8,
  heartbeat_acked: 9
})

/** `CTA_PROTOINFO_SCTP_*`; the kernel takes the state and both tags together. */
export const sctpInfo = record(
  {
    state: present(required(attribute(1, sctpState))),
    verificationTag: present(required(byDirection(2, 3, be32)))
  },
  { what: 'the state of an SCTP connection' }
)

export type TcpState = OutputOf<typeof tcpState>

/** What is known of a TCP connection. */
export type TcpInfo = Readonly<OutputOf<typeof tcpInfo>>
export type TcpInfoSpec = Readonly<InputOf<typeof tcpInfo>>

/** What is known of a DCCP connection; on Linux before 6.16. */
export type DccpInfo = Readonly<OutputOf<typeof dccpInfo>>
export type DccpInfoSpec = Readonly<InputOf<typeof dccpInfo>>

/** What is known of an SCTP connection. */
export type SctpInfo = Readonly<OutputOf<typeof sctpInfo>>
export type SctpInfoSpec = Readonly<InputOf<typeof sctpInfo>>
