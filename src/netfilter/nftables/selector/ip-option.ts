import { dataTypes } from '../datatype/types.js'
import { requireNetwork } from './dependency.js'
import { extensionExists, extensionField } from './extension-header.js'
import type { Extension } from './extension-header.js'
import type { Selector } from './selector.js'
import { bitsOf } from './header/header.js'

const option = (name: string, type: number): Extension => ({
  name: `ip option ${name}`,
  operation: 'ipv4',
  type,
  require: (builder) => requireNetwork(builder, 'ip')
})

const rr = option('rr', 7)
const lsrr = option('lsrr', 131)
const ssrr = option('ssrr', 137)
const ra = option('ra', 148)

const recorded = (extension: Extension) =>
  ({
    length: extensionField(extension, 'length', 8, 8, bitsOf(8)),
    ptr: extensionField(extension, 'ptr', 16, 8, bitsOf(8)),
    addr: extensionField(extension, 'addr', 24, 32, dataTypes.ipv4_addr)
  }) as const

/** The options of IPv4 (RFC 791, 3.1), and whether they are there. */
export const ipOption = {
  exists: {
    rr: extensionExists(rr),
    lsrr: extensionExists(lsrr),
    ssrr: extensionExists(ssrr),
    ra: extensionExists(ra)
  },
  rr: recorded(rr),
  lsrr: recorded(lsrr),
  ssrr: recorded(ssrr),
  ra: {
    length: extensionField(ra, 'length', 8, 8, bitsOf(8)),
    value: extensionField(ra, 'value', 16, 16, bitsOf(16))
  }
} as const

/** `SCTP_CID_*`, linux/sctp.h, as nft names them. */
const chunks = {
  data: 0,
  init: 1,
  'init-ack': 2,
  sack: 3,
  heartbeat: 4,
  'heartbeat-ack': 5,
  abort: 6,
  shutdown: 7,
  'shutdown-ack': 8,
  error: 9,
  'cookie-echo': 10,
  'cookie-ack': 11,
  'shutdown-complete': 14
} as const

/** A kind of chunk of SCTP. */
export type SctpChunk = keyof typeof chunks

/** Whether a packet of SCTP holds a chunk (RFC 9260, 3.2): `match(sctpChunk('data'), true)`. */
export const sctpChunk = (chunk: SctpChunk): Selector<boolean> =>
  extensionExists({ name: `sctp chunk ${chunk}`, operation: 'sctp', type: chunks[chunk] })
