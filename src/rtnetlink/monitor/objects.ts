import { addressDump, readAddress, RTM_DELADDR, RTM_NEWADDR } from '../address/index.js'
import type { Address } from '../address/index.js'
import { linkDump, readLink, RTM_DELLINK, RTM_NEWLINK } from '../link/index.js'
import type { Link } from '../link/index.js'
import { neighborDump, readNeighbor, RTM_DELNEIGH, RTM_NEWNEIGH } from '../neighbor/index.js'
import type { Neighbor } from '../neighbor/index.js'
import { nextHopDump, readNextHop, RTM_DELNEXTHOP, RTM_NEWNEXTHOP } from '../nexthop/index.js'
import type { NextHop } from '../nexthop/index.js'
import { AF_BRIDGE } from '../rtnetlink.js'
import { readRoute, routeDump, RTM_DELROUTE, RTM_NEWROUTE } from '../route/index.js'
import type { Route } from '../route/index.js'
import { readRule, ruleDump, RTM_DELRULE, RTM_NEWRULE } from '../rule/index.js'
import type { Rule } from '../rule/index.js'
import type { MonitoredObject } from './event.js'
import { fingerprint } from './fingerprint.js'
import type { Watched } from './watched.js'

/** `RTNLGRP_*`, linux/rtnetlink.h. */
const groups = {
  link: 1,
  neighbor: 3,
  ipv4Address: 5,
  ipv4Route: 7,
  ipv4Rule: 8,
  ipv6Address: 9,
  ipv6Route: 11,
  ipv6Rule: 19,
  mplsRoute: 27,
  nextHop: 32
} as const

const link: Watched<Link> = {
  groups: [groups.link],
  added: RTM_NEWLINK,
  deleted: RTM_DELLINK,
  dump: (connection) => linkDump(connection, {}),
  // A bridge tells of its ports in messages of its own, which hold only a part of the link.
  read: (message, connection) =>
    message.bytes[message.offset] === AF_BRIDGE ? undefined : readLink(message, connection),
  key: (value) => String(value.index),
  volatile: [
    'statistics',
    'helloTimer',
    'tcnTimer',
    'topologyChangeTimer',
    'gcTimer',
    'messageAgeTimer',
    'forwardDelayTimer',
    'holdTimer'
  ]
}

const address: Watched<Address> = {
  groups: [groups.ipv4Address, groups.ipv6Address],
  added: RTM_NEWADDR,
  deleted: RTM_DELADDR,
  dump: (connection) => addressDump(connection, {}),
  read: (message) => readAddress(message),
  key: (value) => `${value.link} ${value.address} ${value.peer ?? ''}`,
  volatile: ['validLifetime', 'preferredLifetime']
}

const neighbor: Watched<Neighbor> = {
  groups: [groups.neighbor],
  added: RTM_NEWNEIGH,
  deleted: RTM_DELNEIGH,
  dump: (connection) => neighborDump(connection, {}),
  // A bridge's forwarding entries come in the same messages; they are not neighbours.
  read: (message) => (message.bytes[message.offset] === AF_BRIDGE ? undefined : readNeighbor(message)),
  key: (value) => `${value.link} ${value.destination}`,
  volatile: ['cacheInfo', 'probes']
}

const routeBase = (value: Route): string =>
  `${value.family} ${value.table} ${value.destination} ${value.source ?? ''} ${value.tos ?? 0} ${value.priority ?? 0}`

const notOfKey = ['flags', 'cacheInfo', 'expires']

const route: Watched<Route> = {
  groups: [groups.ipv4Route, groups.ipv6Route, groups.mplsRoute],
  added: RTM_NEWROUTE,
  deleted: RTM_DELROUTE,
  dump: (connection) => routeDump(connection, { table: 'all' }),
  read(message) {
    const value = readRoute(message)
    // Cached clones are no part of the table, and a dump leaves them out.
    return value.flags.includes('cloned') ? undefined : value
  },
  // Routes appended to a destination differ in their hops alone.
  key: (value) => fingerprint(value, notOfKey),
  base: routeBase,
  volatile: ['cacheInfo', 'expires']
}

const rule: Watched<Rule> = {
  groups: [groups.ipv4Rule, groups.ipv6Rule],
  added: RTM_NEWRULE,
  deleted: RTM_DELRULE,
  dump: () => ruleDump({}),
  read: (message) => readRule(message),
  key: (value) => fingerprint(value, ['flags']),
  volatile: []
}

const nexthop: Watched<NextHop> = {
  groups: [groups.nextHop],
  added: RTM_NEWNEXTHOP,
  deleted: RTM_DELNEXTHOP,
  dump: (connection) => nextHopDump(connection, {}),
  read: (message) => readNextHop(message),
  key: (value) => String(value.id),
  volatile: []
}

/** Everything that can be watched. Links come first: what else there is refers to them. */
export const watchedObjects = { link, address, nexthop, route, rule, neighbor } as unknown as Readonly<
  Record<MonitoredObject, Watched<object>>
>
