import { attribute, be32, present, record } from '../../codec/index.js'
import type { OutputOf } from '../../codec/index.js'
import type { DumpRequest, Operation } from '../../netlink/index.js'
import { nfgenmsgSize } from '../nfnetlink.js'
import { nfgenResource } from './nfgen.js'
import { IPCTNL_MSG_CT_GET_STATS, IPCTNL_MSG_CT_GET_STATS_CPU } from './schema.js'

/** `CTA_STATS_GLOBAL_*`, linux/netfilter/nfnetlink_conntrack.h. */
const totals = record(
  { entries: present(attribute(1, be32)), maxEntries: attribute(2, be32) },
  { headerSize: nfgenmsgSize }
)

/** `CTA_STATS_*`: the resource of the header is the processor. */
const processor = record(
  {
    cpu: present(nfgenResource),
    found: attribute(2, be32),
    invalid: attribute(4, be32),
    ignore: attribute(5, be32),
    insert: attribute(8, be32),
    insertFailed: attribute(9, be32),
    drop: attribute(10, be32),
    earlyDrop: attribute(11, be32),
    error: attribute(12, be32),
    searchRestart: attribute(13, be32),
    clashResolve: attribute(14, be32),
    chainTooLong: attribute(15, be32)
  },
  { headerSize: nfgenmsgSize }
)

/** What one processor has counted since the namespace was made; a kernel leaves out what it doesn't count. */
export type ConntrackProcessorStatistics = Readonly<OutputOf<typeof processor>>

/** How full the table is, and what became of packets: `conntrack -C` and `conntrack -S`. */
export interface ConntrackStatistics {
  /** Connections in this namespace. */
  readonly entries: number
  /** How many the machine takes in each namespace (`net.netfilter.nf_conntrack_max`); Linux 4.18 and later. */
  readonly maxEntries?: number
  readonly processors: readonly ConntrackProcessorStatistics[]
}

type Totals = OutputOf<typeof totals>

const request = { method: 'conntrack.statistics', input: undefined }

export function totalsGet(): Operation<Totals> {
  return {
    request,
    syscall: 'IPCTNL_MSG_CT_GET_STATS',
    type: IPCTNL_MSG_CT_GET_STATS,
    flags: 0,
    schema: totals,
    replies: true,
    write: (writer) => void writer.zeros(nfgenmsgSize),
    read: ([message]) => totals.read(message!.bytes, message!.offset, message!.length)
  }
}

export function processorDump(): DumpRequest<ConntrackProcessorStatistics> {
  return {
    request,
    syscall: 'IPCTNL_MSG_CT_GET_STATS_CPU',
    type: IPCTNL_MSG_CT_GET_STATS_CPU,
    schema: processor,
    write: (writer) => void writer.zeros(nfgenmsgSize),
    read: (message) => processor.read(message.bytes, message.offset, message.length)
  }
}
