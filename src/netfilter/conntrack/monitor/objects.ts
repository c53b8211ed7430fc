import type { DumpRequest, Message } from '../../../netlink/index.js'
import { readConnection } from '../connection.js'
import type { Connection } from '../connection.js'
import { connectionDump } from '../dump.js'
import {
  IPCTNL_MSG_EXP_DELETE,
  IPCTNL_MSG_EXP_NEW,
  expectationDump,
  readExpectation
} from '../expectation/index.js'
import type { Expectation } from '../expectation/index.js'
import { IPCTNL_MSG_CT_DELETE, IPCTNL_MSG_CT_NEW } from '../schema.js'
import type { Tuple } from '../tuple.js'
import type { ConntrackObject } from './event.js'

/** How one kind of object is watched. */
interface Watched<T extends object> {
  /** Multicast groups (`NFNLGRP_*`, linux/netfilter/nfnetlink.h) that tell of it. */
  readonly groups: readonly number[]
  readonly added: number
  readonly deleted: number
  dump(): DumpRequest<T>
  read(message: Message): T
  key(value: T): string
  /** What is known after an event, which carries a part. */
  merge(before: T, event: T): T
  /** What makes a difference when all is read again: not counters and timers. */
  state(value: T): unknown
}

const connection: Watched<Connection> = {
  groups: [1, 2, 3],
  added: IPCTNL_MSG_CT_NEW,
  deleted: IPCTNL_MSG_CT_DELETE,
  dump: () => connectionDump({}, 'conntrack.monitor'),
  read: (message) => readConnection(message),
  // Ids are hashes, of which two may be equal.
  key: ({ id, original, zone = 0 }) => `${id} ${zone} ${text(original)}`,
  merge: (before, event) => ({
    ...before,
    ...event,
    ...(event.tcp === undefined ? {} : { tcp: { ...before.tcp, ...event.tcp } }),
    ...(event.sctp === undefined ? {} : { sctp: { ...before.sctp, ...event.sctp } })
  }),
  state: ({ reply, status, mark = 0, tcp, sctp, dccp, helper, labels = [] }) => [
    text(reply),
    status,
    mark,
    (tcp ?? sctp ?? dccp)?.state,
    helper,
    labels
  ]
}

const expectation: Watched<Expectation> = {
  groups: [4, 5, 6],
  added: IPCTNL_MSG_EXP_NEW,
  deleted: IPCTNL_MSG_EXP_DELETE,
  dump: () => expectationDump({}, 'conntrack.monitor'),
  read: readExpectation,
  key: ({ id, tuple }) => `${id} ${text(tuple)}`,
  merge: (before, event) => ({ ...before, ...event }),
  state: ({ flags }) => flags
}

export const watchedObjects: { readonly [K in ConntrackObject]: Watched<object> } = {
  connection,
  expectation
}

function text(tuple: Tuple): string {
  const { source, destination, protocol, sourcePort, destinationPort, icmp, zone } = tuple
  const ends = `${protocol} ${source} ${destination} ${sourcePort ?? ''} ${destinationPort ?? ''}`
  const query = icmp === undefined ? '' : ` ${icmp.type}/${icmp.code}/${icmp.id}`
  return `${ends}${query}${zone === undefined ? '' : ` ${zone}`}`
}
