import { NLM_F_APPEND, NLM_F_REPLACE, word } from '../../netlink/index.js'
import type { Message } from '../../netlink/index.js'
import type { Address } from '../address/index.js'
import type { Link } from '../link/index.js'
import type { NextHop } from '../nexthop/index.js'
import type { Route } from '../route/index.js'
import { AF_BRIDGE } from '../rtnetlink.js'
import type { MonitoredObject } from './event.js'
import type { Mirror } from './mirror.js'

/** How many links are read one by one rather than all at once. */
const oneByOne = 64

export type Mirrors = ReadonlyMap<MonitoredObject, Mirror<object>>

/** An event, and the object as it was known before it. */
export interface Change {
  readonly object: MonitoredObject
  readonly message: Message
  readonly deleted: boolean
  readonly value: object | undefined
  readonly before: object | undefined
}

/**
 * What events leave in doubt: the kernel sends none for IPv4 routes and next hops that vanish, or change
 * their flags, with a link, an address or a next hop. It is gathered over many events, so that the objects
 * are looked through once.
 */
export class Doubts {
  readonly #objects = new Set<MonitoredObject>()
  readonly #links = new Set<number>()
  readonly #nextHops = new Set<number>()
  readonly #addresses = new Set<string>()
  readonly #halfTold = new Set<number>()

  /** Notes what `change` leaves in doubt. */
  note(change: Change): void {
    const { object, message, deleted, value, before } = change
    switch (object) {
      case 'link':
        // A bridge tells of its ports in messages that hold only a part of the link (also when one leaves).
        if (message.bytes[message.offset] === AF_BRIDGE)
          this.#halfTold.add(word(message.bytes, message.offset + 4))
        // The first end of a pair is told before it has its other end.
        else if (!deleted && (value as Link).kind === 'veth' && (value as Link).link === undefined) {
          this.#halfTold.add((value as Link).index)
        }
        if (value === undefined) break
        if (deleted || carries(before as Link | undefined) !== carries(value as Link | undefined)) {
          this.#links.add((value as Link).index)
        }
        break
      case 'address':
        if (deleted) this.#addresses.add((value as Address).address.split('/')[0]!)
        break
      case 'nexthop':
        if (deleted || (message.flags & NLM_F_REPLACE) !== 0) this.#nextHops.add((value as NextHop).id)
        break
      case 'rule':
        // Two rules may be alike: whether one of them is left, only a reading tells.
        if (deleted) this.#objects.add('rule')
        break
      case 'route': {
        const route = value as Route | undefined
        // IPv6 tells of one hop where the route has several.
        const several = route?.nextHops !== undefined || (before as Route | undefined)?.nextHops !== undefined
        if (route?.family === 'inet6' && (several || (message.flags & NLM_F_APPEND) !== 0))
          this.#objects.add('route')
        break
      }
      case 'neighbor':
    }
  }

  /** The kind of object must be read again whatever else is known. */
  add(object: MonitoredObject): void {
    this.#objects.add(object)
  }

  /** The links to read again one by one; none where all are read. */
  links(): readonly number[] {
    return this.#halfTold.size > oneByOne ? [] : [...this.#halfTold]
  }

  /** The kinds of objects to read again. */
  resolve(mirrors: Mirrors): MonitoredObject[] {
    if (this.#halfTold.size > oneByOne) this.#objects.add('link')
    const nextHops = mirrors.get('nexthop') as Mirror<NextHop> | undefined
    const routes = mirrors.get('route') as Mirror<Route> | undefined
    if (this.#links.size + this.#nextHops.size + this.#addresses.size > 0) {
      if (nextHops !== undefined && some(nextHops.values(), (hop) => this.#touchesNextHop(hop)))
        this.#objects.add('nexthop')
      if (routes !== undefined && some(routes.values(), (route) => this.#touchesRoute(route)))
        this.#objects.add('route')
    }
    return [...this.#objects].filter((object) => mirrors.has(object))
  }

  #touchesNextHop(hop: NextHop): boolean {
    if (hop.link !== undefined && this.#links.has(hop.link)) return true
    return hop.group !== undefined
  }

  #touchesRoute(route: Route): boolean {
    if (route.link !== undefined && this.#links.has(route.link)) return true
    if (route.nextHopId !== undefined) return true
    if (route.preferredSource !== undefined && this.#addresses.has(route.preferredSource)) return true
    return route.nextHops?.some((hop) => hop.link !== undefined && this.#links.has(hop.link)) === true
  }
}

/** What decides whether routes by a link live. */
function carries(link: Link | undefined): string {
  return link === undefined
    ? ''
    : `${link.flags.includes('up')} ${link.flags.includes('lower_up')} ${link.flags.includes('running')}`
}

function some<T>(values: Iterable<T>, test: (value: T) => boolean): boolean {
  for (const value of values) if (test(value)) return true
  return false
}
