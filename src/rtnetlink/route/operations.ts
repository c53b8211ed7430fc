import type { Fields, RecordType, Writer } from '../../codec/index.js'
import type { IndexOf, NetlinkConnection, Operation, RequestDescription } from '../../netlink/index.js'
import { NLM_F_APPEND, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE } from '../../netlink/index.js'
import { lookupOperation } from './lookup.js'
import { mplsRouteMessage, mplsRouteSelector } from './mpls-route.js'
import { prepareRoute } from './route.js'
import type { PreparedRoute, RouteSpec } from './route.js'
import { RTM_DELROUTE, RTM_NEWROUTE, routeMessage, routeSelector } from './schema.js'

type Schema = RecordType<Fields>

/** The verbs on routes that are one request each. */
export const routeOperations = {
  add: (connection: NetlinkConnection, route: RouteSpec) =>
    make(connection, 'routes.add', route, NLM_F_CREATE | NLM_F_EXCL),

  append: (connection: NetlinkConnection, route: RouteSpec) =>
    make(connection, 'routes.append', route, NLM_F_CREATE | NLM_F_APPEND),

  replace: (connection: NetlinkConnection, route: RouteSpec) =>
    make(connection, 'routes.replace', route, NLM_F_CREATE | NLM_F_REPLACE),

  change: (connection: NetlinkConnection, route: RouteSpec) =>
    make(connection, 'routes.change', route, NLM_F_REPLACE),

  delete: (connection: NetlinkConnection, route: RouteSpec | string) => {
    const spec = typeof route === 'string' ? { destination: route } : route
    const schema = spec?.family === 'mpls' ? mplsRouteSelector : routeSelector
    return new RouteRequest(connection, 'routes.delete', withoutExpansion(spec), schema, RTM_DELROUTE, 0)
  },

  lookup: lookupOperation
} as const

function make(
  connection: NetlinkConnection,
  method: string,
  spec: RouteSpec,
  flags: number
): Operation<void> {
  const schema = spec?.family === 'mpls' ? mplsRouteMessage : routeMessage
  return new RouteRequest(connection, method, spec, schema, RTM_NEWROUTE, flags)
}

/** Made by the hundred thousand: it is one object, and what only errors ask for is made when they do. */
class RouteRequest implements Operation<void> {
  readonly schema: Schema
  readonly type: number
  readonly flags: number
  readonly needs: readonly string[] | undefined
  readonly #method: string
  readonly #spec: RouteSpec
  readonly #prepared: PreparedRoute | undefined

  constructor(
    connection: NetlinkConnection,
    method: string,
    spec: RouteSpec,
    schema: Schema,
    type: number,
    flags: number
  ) {
    const prepared = prepareRoute(spec, connection)
    this.schema = schema
    this.type = type
    this.flags = flags
    this.needs = prepared?.needs
    this.#method = method
    this.#spec = spec
    this.#prepared = prepared
  }

  get request(): RequestDescription {
    return { method: this.#method, input: this.#spec }
  }

  get syscall(): string {
    return this.type === RTM_NEWROUTE ? 'RTM_NEWROUTE' : 'RTM_DELROUTE'
  }

  write(writer: Writer, indexOf: IndexOf): void {
    const prepared = this.#prepared
    this.schema.write(writer, prepared === undefined ? this.#spec : prepared.input(indexOf))
  }

  explain(code: string): string | undefined {
    return explain(code)
  }
}

/**
 * A route that uses a next-hop object reads with that object's hops too, but the kernel refuses to be told
 * both when it deletes.
 */
function withoutExpansion(spec: RouteSpec): RouteSpec {
  if (spec?.nextHopId === undefined) return spec
  return {
    ...spec,
    gateway: undefined,
    via: undefined,
    link: undefined,
    nextHops: undefined,
    encap: undefined,
    flags: undefined
  }
}

/** What an error means for a route, where the kernel says nothing. */
export function explain(code: string): string | undefined {
  switch (code) {
    case 'EEXIST':
      return 'there is such a route already'
    case 'ESRCH':
    case 'ENOENT':
      return 'there is no such route'
    default:
      return undefined
  }
}
