import type { CallOptions, NetlinkConnection } from '../../netlink/index.js'
import { addVerb, applyMany, choice, deleteVerb, flush } from '../../netlink/bulk/index.js'
import type {
  AddManyOptions,
  BulkOptions,
  BulkResult,
  DeleteManyOptions,
  Inputs
} from '../../netlink/bulk/index.js'
import { checkFlush } from '../filter.js'
import { routeDump } from './filter.js'
import type { RouteFilter } from './filter.js'
import type { RouteLookup } from './lookup.js'
import { routeOperations } from './operations.js'
import { applyPacked, listPacked, packedDump, packedVerbs } from './packed/index.js'
import type { PackedFamily, PackedRouteFilter, PackedRoutesOf, PackedRoutesSpec } from './packed/index.js'
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

  /**
   * Adds the routes of a table that is given as columns, in order: for a million of them, without an object for
   * each. They are encoded and sent on a thread of netloom's own. All rows are checked first: a `TypeError` or
   * `RangeError` names the column and the row, and nothing was sent.
   *
   * The columns are copied a few thousand rows at a time, just before these are sent. Leave them as they are
   * until the promise has settled; what can't be right by then ends the call with a `BulkError`.
   *
   * A failure tells the row by its index, and in `input` as `add` would take it. The call ends early, with a
   * `BulkError` that holds the result so far, when it is aborted, late or closed, or when the kernel takes no
   * more requests.
   */
  async addPacked(columns: PackedRoutesSpec, options: AddManyOptions = {}): Promise<BulkResult<RouteSpec>> {
    const ifExists = choice('ifExists', options.ifExists ?? 'fail', ['fail', 'skip', 'replace'])
    const verb = ifExists === 'replace' ? packedVerbs.replace : packedVerbs.add
    const unchanged = ifExists === 'skip' ? ['EEXIST'] : []
    return applyPacked(this.#connection, 'routes.addPacked', verb, columns, options, unchanged)
  }

  /** Adds or replaces the routes of a table that is given as columns: see `addPacked`. */
  async replacePacked(columns: PackedRoutesSpec, options: BulkOptions = {}): Promise<BulkResult<RouteSpec>> {
    return applyPacked(this.#connection, 'routes.replacePacked', packedVerbs.replace, columns, options)
  }

  /**
   * Deletes the routes of a table that is given as columns: see `addPacked`. Each row matches as in `delete`:
   * a gateway, link, priority or protocol of 0 matches any.
   */
  async deletePacked(
    columns: PackedRoutesSpec,
    options: DeleteManyOptions = {}
  ): Promise<BulkResult<RouteSpec>> {
    const ifMissing = choice('ifMissing', options.ifMissing ?? 'fail', ['fail', 'skip'])
    const unchanged = ifMissing === 'skip' ? ['ESRCH'] : []
    const verb = packedVerbs.delete
    return applyPacked(this.#connection, 'routes.deletePacked', verb, columns, options, unchanged)
  }

  /**
   * The routes of a family that match, as columns, decoded on a thread of netloom's own; the main table's by
   * default. What a row can't say all of is in `others`, as `list` gives it. The columns share one
   * `ArrayBuffer`. They can be given to `addPacked` and the like, once `others` is taken out.
   */
  async listPacked<F extends PackedFamily>(
    filter: PackedRouteFilter<F>,
    options?: CallOptions
  ): Promise<PackedRoutesOf<F>> {
    return listPacked(this.#connection, filter, options)
  }

  /**
   * As `listPacked`, in tables of a few thousand rows as the kernel gives them, over a socket of its own: the
   * kernel waits for the reader, so memory stays bounded.
   */
  iteratePacked<F extends PackedFamily>(
    filter: PackedRouteFilter<F>,
    options?: CallOptions
  ): AsyncGenerator<PackedRoutesOf<F>, void, undefined> {
    return this.#connection.iterate(packedDump(this.#connection, filter, 'routes.iteratePacked'), options)
  }
}
