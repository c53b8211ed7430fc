import type { CallOptions, NetlinkConnection } from '../../netlink/index.js'
import { addVerb, applyMany, deleteVerb, flush } from '../bulk/index.js'
import type { AddManyOptions, BulkOptions, BulkResult, DeleteManyOptions, Inputs } from '../bulk/index.js'
import { checkFlush } from '../filter.js'
import { routeDump } from './filter.js'
import type { RouteFilter } from './filter.js'
import type { RouteLookup } from './lookup.js'
import { routeOperations } from './operations.js'
import type { Route, RouteSpec } from './route.js'

/** The routes of a stack, of all its tables (`ip route`, rtnetlink(7)). */
export class Routes {
  readonly #connection: NetlinkConnection

  constructor(connection: NetlinkConnection) {
    this.#connection = connection
  }

  /**
   * Adds a route. Throws `EEXIST` if there is one to the destination with the same table, priority and type
   * of service; `ENETUNREACH` or `EINVAL` if the gateway can't be reached; `ENODEV` if there is no such link;
   * `ENETDOWN` if the link is down.
   */
  async add(route: RouteSpec, options?: CallOptions): Promise<void> {
    return this.#connection.run(routeOperations.add(this.#connection, route), options)
  }

  /**
   * Adds a route after those that are there with the same destination, table and priority. With IPv6 it
   * becomes another hop of the route that is there. Throws `EEXIST` if the very same route is there.
   */
  async append(route: RouteSpec, options?: CallOptions): Promise<void> {
    return this.#connection.run(routeOperations.append(this.#connection, route), options)
  }

  /** Adds a route, or puts it in the place of the one with the same destination, table and priority. */
  async replace(route: RouteSpec, options?: CallOptions): Promise<void> {
    return this.#connection.run(routeOperations.replace(this.#connection, route), options)
  }

  /** Puts a route in the place of one that is there. Throws `ENOENT` if there is none. */
  async change(route: RouteSpec, options?: CallOptions): Promise<void> {
    return this.#connection.run(routeOperations.change(this.#connection, route), options)
  }

  /**
   * Deletes the first route that matches everything that is given; a string stands for `{ destination }`.
   * Throws `ESRCH` if none does.
   */
  async delete(route: RouteSpec | string, options?: CallOptions): Promise<void> {
    return this.#connection.run(routeOperations.delete(this.#connection, route), options)
  }

  /**
   * The routes that match: without a filter those of the main table, IPv4 and IPv6, as `ip route` and
   * `ip -6 route` together. A table that does not exist has none.
   */
  async list(filter?: RouteFilter, options?: CallOptions): Promise<Route[]> {
    return this.#connection.list(routeDump(this.#connection, filter), options)
  }

  /** As `list`, one by one as the kernel gives them, over a socket of its own. */
  iterate(filter?: RouteFilter, options?: CallOptions): AsyncGenerator<Route, void, undefined> {
    return this.#connection.iterate(routeDump(this.#connection, filter, 'routes.iterate'), options)
  }

  /**
   * The route that the kernel would take to an address (`ip route get`). Throws `ENETUNREACH` if there is
   * none, and what the route says where it refuses: `EHOSTUNREACH`, `EACCES` for prohibit, `EINVAL` for
   * blackhole.
   */
  async lookup(destination: string, lookup?: RouteLookup, options?: CallOptions): Promise<Route> {
    return this.#connection.run(routeOperations.lookup(this.#connection, destination, lookup), options)
  }

  /**
   * Deletes the routes that match and gives how many there were. The filter must say something: `ip route
   * flush` needs it too.
   */
  async flush(filter: RouteFilter, options?: CallOptions): Promise<number> {
    checkFlush(filter)
    const connection = this.#connection
    const found = await connection.list(routeDump(connection, filter, 'routes.flush'), options)
    const make = (route: Route) => routeOperations.delete(connection, route)
    const verb = { method: 'routes.flush', make, unchanged: ['ESRCH', 'ENOENT'] }
    return flush(connection, found, verb, options)
  }

  /**
   * Adds many routes, in order, holding only a few thousand at a time; writing the next overlaps with the
   * kernel's work on those before. What fails, or can't be right, is told in the result.
   */
  async addMany<R extends RouteSpec>(
    routes: Inputs<R>,
    options: AddManyOptions = {}
  ): Promise<BulkResult<R>> {
    const connection = this.#connection
    const add = (route: R) => routeOperations.add(connection, route)
    const replace = (route: R) => routeOperations.replace(connection, route)
    return applyMany(connection, routes, addVerb('routes.addMany', options, add, replace), options)
  }

  /** Adds or replaces many routes, as `addMany`. */
  async replaceMany<R extends RouteSpec>(
    routes: Inputs<R>,
    options: BulkOptions = {}
  ): Promise<BulkResult<R>> {
    const connection = this.#connection
    const make = (route: R) => routeOperations.replace(connection, route)
    return applyMany(connection, routes, { method: 'routes.replaceMany', make }, options)
  }

  /** Deletes many routes, as `addMany`. */
  async deleteMany<R extends RouteSpec | string>(
    routes: Inputs<R>,
    options: DeleteManyOptions = {}
  ): Promise<BulkResult<R>> {
    const connection = this.#connection
    const make = (route: R) => routeOperations.delete(connection, route)
    const verb = deleteVerb('routes.deleteMany', options, make, ['ESRCH'])
    return applyMany(connection, routes, verb, options)
  }
}
