import {
  attribute,
  be16,
  be32,
  be64,
  bytes,
  compile,
  enumeration,
  header,
  record,
  required,
  text
} from '../../codec/index.js'
import type { OutputOf } from '../../codec/index.js'
import type { NetfilterConnection } from '../netfilter-connection.js'
import { nftFamily } from './family.js'
import type { NftFamily } from './family.js'
import { NftListener } from './listener.js'
import type { NftMonitorOptions } from './listener.js'
import { reader } from './operation.js'
import { readVerdict } from './verdict-spec.js'
import type { VerdictSpec } from './verdict-spec.js'
import { verdictCode, verdictData } from './verdict.js'
import type { Verdict } from './verdict.js'

/** `NFNLGRP_NFTRACE`, linux/netfilter/nfnetlink.h */
const NFNLGRP_NFTRACE = 9

/** `NFTA_TRACE_*`, linux/netfilter/nf_tables.h */
const traceMessage = compile(
  record(
    {
      family: required(header(0, nftFamily)),
      table: attribute(1, text(255)),
      chain: attribute(2, text(255)),
      ruleHandle: attribute(3, be64),
      type: attribute(4, enumeration(be32, { policy: 1, return: 2, rule: 3 })),
      verdict: attribute(5, verdictData),
      id: attribute(6, be32),
      linkHeader: attribute(7, bytes()),
      networkHeader: attribute(8, bytes()),
      transportHeader: attribute(9, bytes()),
      iif: attribute(10, be32),
      iiftype: attribute(11, be16),
      oif: attribute(12, be32),
      oiftype: attribute(13, be16),
      mark: attribute(14, be32),
      nfproto: attribute(15, be32),
      policy: attribute(16, verdictCode)
    },
    { headerSize: 4, what: 'a trace' }
  )
)

/** One step of a traced packet. */
export interface NftTraceEvent {
  /** The same for all steps of a packet. */
  readonly id: number
  readonly family: NftFamily
  readonly table: string
  readonly chain: string
  /** A rule decided, or the packet came back from a chain, or to the policy at its end. */
  readonly type: 'rule' | 'return' | 'policy'
  /** The rule, by its handle. */
  readonly ruleHandle?: number
  readonly verdict?: VerdictSpec | Verdict
  readonly policy?: 'accept' | 'drop'
  readonly mark?: number
  /** The packet, where the kernel tells of it: with the first step in each chain of a hook. */
  readonly linkHeader?: Uint8Array
  readonly networkHeader?: Uint8Array
  readonly transportHeader?: Uint8Array
  /** Indices of links. */
  readonly iif?: number
  readonly oif?: number
}

/** The steps of traced packets. */
export type NftTrace = NftListener<NftTraceEvent | NftTraceLoss>

/** The kernel dropped steps: nobody read them in time. */
export interface NftTraceLoss {
  readonly type: 'lost'
}

function readTrace(message: OutputOf<typeof traceMessage>): NftTraceEvent {
  const { family, table = '', chain = '', type = 'rule', id = 0, verdict, policy, ...rest } = message
  const { nfproto: _, iiftype: __, oiftype: ___, unknown: ____, ...place } = rest
  return {
    id,
    family: family as NftFamily,
    table,
    chain,
    type: type as NftTraceEvent['type'],
    ...(verdict === undefined ? {} : { verdict: readVerdict(verdict) }),
    ...(policy === undefined ? {} : { policy: policy as 'accept' }),
    ...place
  }
}

const read = reader('NFT_MSG_TRACE', traceMessage, readTrace)

/** Follows traced packets. */
export function nftTrace(netfilter: NetfilterConnection, options: NftMonitorOptions): NftTrace {
  return new NftListener<NftTraceEvent | NftTraceLoss>(
    netfilter,
    {
      group: NFNLGRP_NFTRACE,
      lost: () => ({ type: 'lost' }),
      event: (message) => [read(message)].filter((step) => step !== undefined)
    },
    options
  )
}
