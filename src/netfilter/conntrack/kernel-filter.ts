import type { ConntrackProtocol } from './protocol.js'
import type { FilterMessageInput } from './schema.js'
import type { PartialTuple } from './tuple.js'
import type { Direction } from './tuple-filter.js'

/** `CTA_FILTER_F_*`, net/netfilter/nf_internals.h: which parts of a tuple the kernel compares (Linux 5.8). */
const CTA_FILTER_F_CTA_IP_SRC = 1 << 0
const CTA_FILTER_F_CTA_IP_DST = 1 << 1
const CTA_FILTER_F_CTA_PROTO_NUM = 1 << 3
const CTA_FILTER_F_CTA_PROTO_SRC_PORT = 1 << 4
const CTA_FILTER_F_CTA_PROTO_DST_PORT = 1 << 5

/**
 * The parts of the tuples that the kernel compares. It takes none without a family. An IPv6 address is left
 * to us: kernels compare these the wrong way round, and leave out just what was asked for (`ipv6_addr_cmp` in
 * `ctnetlink_filter_match_tuple`, since Linux 5.8). Of ports it compares those of TCP and UDP.
 */
export function kernelFilter(
  family: 'inet' | 'inet6' | undefined,
  protocol: ConntrackProtocol | undefined,
  original: Direction | undefined,
  reply: Direction | undefined
): Pick<FilterMessageInput, 'original' | 'reply' | 'filter'> {
  if (family === undefined) return {}
  const directions = {
    original: original ?? (protocol === undefined ? undefined : empty),
    reply
  }
  const result: { original?: object; reply?: object; filter?: { original?: number; reply?: number } } = {}
  for (const key of ['original', 'reply'] as const) {
    const parts = directions[key]
    if (parts === undefined) continue
    const { source, destination, sourcePort, destinationPort } = parts.exact
    const of = parts.protocol ?? protocol
    const flow: PartialTuple = family === 'inet' ? { source, destination } : {}
    let bits = 0
    if (flow.source !== undefined) bits |= CTA_FILTER_F_CTA_IP_SRC
    if (flow.destination !== undefined) bits |= CTA_FILTER_F_CTA_IP_DST
    const layer4 = of === undefined ? {} : { protocol: of, sourcePort, destinationPort }
    if (of !== undefined) {
      bits |= CTA_FILTER_F_CTA_PROTO_NUM
      if (of === 'tcp' || of === 'udp') {
        if (sourcePort !== undefined) bits |= CTA_FILTER_F_CTA_PROTO_SRC_PORT
        if (destinationPort !== undefined) bits |= CTA_FILTER_F_CTA_PROTO_DST_PORT
      }
    }
    if (bits === 0) continue
    result[key] = { ...flow, ...layer4 }
    result.filter = { ...result.filter, [key]: bits }
  }
  return result
}

const empty: Direction = { family: undefined, protocol: undefined, tests: [], exact: {} }
