import type { NativeDumpChunk } from '../../../binding.js'
import { InvalidType, invalidValue, within } from '../../../codec/index.js'
import { Pacer, messages } from '../../../netlink/index.js'
import type { CallOptions, DumpRequest, NetlinkConnection } from '../../../netlink/index.js'
import { checkFilter } from '../../filter.js'
import { routeProtocol } from '../../route-protocol.js'
import { routeDump } from '../filter.js'
import type { Route } from '../route.js'
import { routeType } from '../scope.js'
import { RouteBlock, columnNames, packedFamilies } from './block.js'
import type { PackedFamily, PackedRouteFilter, PackedRoutes, PackedRoutesOf } from './packed-routes.js'

const keys: readonly (keyof PackedRouteFilter)[] = ['family', 'table', 'type', 'protocol', 'link']

/** The request for routes as columns: each chunk that comes is a table of its own. */
export function packedDump<F extends PackedFamily>(
  connection: NetlinkConnection,
  filter: PackedRouteFilter<F>,
  method: string
): DumpRequest<PackedRoutesOf<F>> {
  checkPackedFilter(filter)
  const { family } = filter
  const dump = routeDump(connection, filter, method)
  return {
    ...dump,
    read: () => undefined,
    packed: {
      family: packedFamilies[family],
      read(chunk) {
        const block = chunk.routes === undefined ? new RouteBlock(family, 0) : RouteBlock.of(chunk.routes)
        const others = readOthers(chunk, dump)
        if (block.rows === 0 && others.length === 0) return undefined
        return table(block, others) as PackedRoutesOf<F>
      }
    }
  }
}

/** Reads all of a dump into one table. */
export async function listPacked<F extends PackedFamily>(
  connection: NetlinkConnection,
  filter: PackedRouteFilter<F>,
  options?: CallOptions
): Promise<PackedRoutesOf<F>> {
  const dump = packedDump(connection, filter, 'routes.listPacked')
  return join(filter.family, await connection.list(dump, options))
}

function checkPackedFilter(filter: PackedRouteFilter): void {
  checkFilter(filter, keys)
  const { family, type, protocol } = filter
  if (!Object.hasOwn(packedFamilies, family)) {
    const code = family === undefined ? 'ERR_MISSING_FIELD' : 'ERR_INVALID_ARG_VALUE'
    throw new InvalidType(family, '"inet" or "inet6"', code).within('family')
  }
  // The kernel takes 0 for any, and nobody else looks at the rows.
  if (type !== undefined) within('type', () => refuseZero(type, routeType.numberOf(type)))
  if (protocol !== undefined) within('protocol', () => refuseZero(protocol, routeProtocol.numberOf(protocol)))
}

function refuseZero(given: unknown, number: number): void {
  if (number === 0) invalidValue(given, 'one that the kernel filters by, which 0 is not')
}

function readOthers(chunk: NativeDumpChunk, dump: DumpRequest<Route>): Route[] {
  const others: Route[] = []
  for (const message of messages(chunk.messages)) {
    const route = dump.read(message)
    if (route !== undefined) others.push(route)
  }
  return others
}

/** The rows of a block, and what came beside them, as a table. */
function table(block: RouteBlock, others: readonly Route[]): PackedRoutes {
  return {
    family: block.family,
    length: block.rows,
    destination: block.column('destination'),
    prefixLength: block.column('prefixLength'),
    gateway: block.column('gateway'),
    link: block.column('link'),
    priority: block.column('priority'),
    table: block.column('table'),
    protocol: block.column('protocol'),
    flags: block.column('flags'),
    others
  } as PackedRoutes
}

/** One table out of several. Each is forgotten once it is copied, so that little of it is there twice. */
async function join<F extends PackedFamily>(
  family: F,
  parts: (PackedRoutesOf<F> | undefined)[]
): Promise<PackedRoutesOf<F>> {
  const length = parts.reduce((sum, part) => sum + part!.length, 0)
  const others: Route[] = []
  const whole = new RouteBlock(family, length, length)
  const pacer = new Pacer(1)
  let row = 0
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]! as PackedRoutes
    parts[i] = undefined
    for (const name of columnNames) whole.columns[name].set(part[name], row * whole.width(name))
    for (const route of part.others) others.push(route)
    row += part.length
    if (pacer.due()) await pacer.turn()
  }
  return table(whole, others) as PackedRoutesOf<F>
}
