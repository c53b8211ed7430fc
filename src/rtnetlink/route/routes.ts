import { InvalidType, invalidValue, within } from '../../codec/index.js'
import type { CallOptions, NetlinkConnection } from '../../netlink/index.js'
import { applyMany } from '../apply-many.js'
import type { BulkOptions, BulkResult } from '../apply-many.js'
import { deleteMany } from '../bulk.js'
import { routeDump } from './filter.js'
import type { RouteFilter } from './filter.js'
import type { RouteLookup } from './lookup.js'
import { routeOperations } from './operations.js'
import type { Route, RouteSpec } from './route.js'

export interface AddRoutesOptions extends BulkOptions {
  /** What to do about a route that is there already: it is a failure (the default), left alone, or replaced. */
  readonly ifExists?: 'fail' | 'skip' | 'replace' | undefined
}

export interface DeleteRoutesOptions extends BulkOptions {
  /** What to do about a route that is not there: it is a failure (the default), or nothing. */
  readonly ifMissing?: 'fail' | 'skip' | undefined
}

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
    const connection = this.#connection
    const dump = routeDump(connection, filter, 'routes.flush')
    if (Object.values(filter).every((value) => value === undefined)) {
      throw new InvalidType(filter, 'a filter with at least one key', 'ERR_MISSING_FIELD').within('filter')
    }
    const routes = await connection.list(dump, options)
    return deleteMany(
      connection,
      routes.map((route) => routeOperations.delete(connection, route)),
      ['ESRCH', 'ENOENT'],
      options
    )
  }

  /** Adds many routes, in order, holding only a few thousand at a time. */
  async addMany<R extends RouteSpec>(
    routes: Iterable<R> | AsyncIterable<R>,
    options: AddRoutesOptions = {}
  ): Promise<BulkResult<R>> {
    const ifExists = choice('ifExists', options.ifExists ?? 'fail', ['fail', 'skip', 'replace'])
    const verb = ifExists === 'replace' ? routeOperations.replace : routeOperations.add
    return applyMany(
      this.#connection,
      routes,
      (route) => verb(this.#connection, route),
      options,
      ifExists === 'skip' ? ['EEXIST'] : []
    )
  }

  /** Adds or replaces many routes, in order. */
  async replaceMany<R extends RouteSpec>(
    routes: Iterable<R> | AsyncIterable<R>,
    options: BulkOptions = {}
  ): Promise<BulkResult<R>> {
    const connection = this.#connection
    return applyMany(connection, routes, (route) => routeOperations.replace(connection, route), options)
  }

  /** Deletes many routes, in order. */
  async deleteMany<R extends RouteSpec | string>(
    routes: Iterable<R> | AsyncIterable<R>,
    options: DeleteRoutesOptions = {}
  ): Promise<BulkResult<R>> {
    const ifMissing = choice('ifMissing', options.ifMissing ?? 'fail', ['fail', 'skip'])
    const connection = this.#connection
    return applyMany(
      connection,
      routes,
      (route) => routeOperations.delete(connection, route),
      options,
      ifMissing === 'skip' ? ['ESRCH'] : []
    )
  }
}

function choice<T extends string>(key: string, value: T, known: readonly T[]): T {
  return within(key, () =>
    known.includes(value)
      ? value
      : invalidValue(value, `one of ${known.map((name) => `"${name}"`).join(', ')}`)
  )
}
