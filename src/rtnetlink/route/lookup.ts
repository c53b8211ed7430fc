import {
  InvalidType,
  invalidRange,
  invalidType,
  parsePrefix,
  requireObject,
  within
} from '../../codec/index.js'
import type { InputOf } from '../../codec/index.js'
import type { NetlinkConnection, Operation } from '../../netlink/index.js'
import { linkReferences } from '../link-ref.js'
import type { LinkRef } from '../link-ref.js'
import type { ipProtocol } from '../ip-protocol.js'
import { readRoute } from './route.js'
import type { Route } from './route.js'
import { RTM_GETROUTE, RTM_NEWROUTE, lookupMessage, routeFlagNames } from './schema.js'

/** The packet whose route is looked up (`ip route get`). What is absent is that of a packet of this host. */
export interface RouteLookup {
  /** The source address. */
  readonly source?: string | undefined
  /** The link that the packet came in by: it is then one to forward, and `source` is needed. */
  readonly inputLink?: LinkRef | undefined
  /** The link, or VRF, that the packet must leave by. */
  readonly link?: LinkRef | undefined
  readonly mark?: number | undefined
  /** The user that sends it. */
  readonly uid?: number | undefined
  readonly tos?: number | undefined
  readonly ipProtocol?: InputOf<typeof ipProtocol> | undefined
  readonly sourcePort?: number | undefined
  readonly destinationPort?: number | undefined
  /** Give the route of the table that matched, rather than what became of the packet. Default false. */
  readonly fibMatch?: boolean | undefined
}

/** Asks the kernel by which route a packet would go. */
export function lookupOperation(
  connection: NetlinkConnection,
  destination: string,
  options: RouteLookup = {}
): Operation<Route> {
  requireObject(options, lookupMessage.expected)
  const host = within('destination', () => wholeAddress(destination))
  const { fibMatch, ...packet } = options
  if (fibMatch !== undefined && typeof fibMatch !== 'boolean') {
    throw new InvalidType(fibMatch, 'true or false').within('fibMatch')
  }
  if (options.source !== undefined) within('source', () => wholeAddress(options.source))
  for (const key of ['destination', 'family', 'flags']) {
    if (!Object.hasOwn(packet, key)) continue
    throw new InvalidType(
      packet[key as never],
      'absent: it is no option of a look-up',
      'ERR_UNKNOWN_FIELD'
    ).within(key)
  }
  const references = linkReferences(packet, ['link', 'inputLink'], connection)
  // Which table matched is told for IPv4 only, and only when asked for.
  const { lookup_table, fib_match } = routeFlagNames
  const flags = (host.family === 'inet' ? lookup_table : 0) | (fibMatch === true ? fib_match : 0)
  return {
    request: { method: 'routes.lookup', input: { destination, ...options } },
    syscall: 'RTM_GETROUTE',
    type: RTM_GETROUTE,
    flags: 0,
    schema: lookupMessage,
    needs: references.needs,
    replies: true,
    write(writer, indexOf) {
      const { link, inputLink, ...rest } = references.resolve(indexOf)
      lookupMessage.write(writer, {
        ...rest,
        family: host.family,
        destination: host.address,
        flags,
        link: link ?? undefined,
        inputLink: inputLink ?? undefined
      })
    },
    read(messages) {
      const reply = messages.find((message) => message.type === RTM_NEWROUTE)
      if (reply === undefined) throw new Error('the kernel answered a look-up without a route')
      return readRoute(reply)
    }
  }
}

function wholeAddress(text: unknown): ReturnType<typeof parsePrefix> {
  if (typeof text !== 'string') invalidType(text, 'an IP address')
  const parsed = parsePrefix(text)
  const max = parsed.family === 'inet' ? 32 : 128
  if (parsed.length !== max) invalidRange(text, `an address, or a prefix of the whole length ${max}`)
  return parsed
}
