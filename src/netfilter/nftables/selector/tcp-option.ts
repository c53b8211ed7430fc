import { bitsOf } from './header/header.js'
import { extensionExists, extensionField } from './extension-header.js'
import type { Extension } from './extension-header.js'

const option = (name: string, type: number): Extension => ({
  name: `tcp option ${name}`,
  operation: 'tcpopt',
  type
})

/** `TCPOPT_*`, linux/tcp.h: the numbers of TCP options, as nft names them. */
export const tcpOptionNumbers = {
  eol: 0,
  nop: 1,
  maxseg: 2,
  window: 3,
  'sack-perm': 4,
  sack: 5,
  timestamp: 8,
  md5sig: 19,
  mptcp: 30,
  fastopen: 34
} as const

const maxseg = option('maxseg', 2)
const windowScale = option('window', 3)
const sackPermitted = option('sack-perm', 4)
const sack = option('sack', 5)
const timestamp = option('timestamp', 8)

/** The options of TCP (RFC 9293, 3.2), and whether they are there. */
export const tcpOption = {
  exists: {
    maxseg: extensionExists(maxseg),
    window: extensionExists(windowScale),
    sackPerm: extensionExists(sackPermitted),
    sack: extensionExists(sack),
    timestamp: extensionExists(timestamp),
    md5sig: extensionExists(option('md5sig', 19)),
    mptcp: extensionExists(option('mptcp', 30)),
    fastopen: extensionExists(option('fastopen', 34))
  },
  maxseg: {
    length: extensionField(maxseg, 'length', 8, 8, bitsOf(8)),
    size: extensionField(maxseg, 'size', 16, 16, bitsOf(16))
  },
  window: {
    length: extensionField(windowScale, 'length', 8, 8, bitsOf(8)),
    count: extensionField(windowScale, 'count', 16, 8, bitsOf(8))
  },
  sack: {
    length: extensionField(sack, 'length', 8, 8, bitsOf(8)),
    left: extensionField(sack, 'left', 16, 32, bitsOf(32)),
    right: extensionField(sack, 'right', 48, 32, bitsOf(32))
  },
  timestamp: {
    length: extensionField(timestamp, 'length', 8, 8, bitsOf(8)),
    tsval: extensionField(timestamp, 'tsval', 16, 32, bitsOf(32)),
    tsecr: extensionField(timestamp, 'tsecr', 48, 32, bitsOf(32))
  }
} as const
