import { NetworkStack } from 'netloom'
import type { RouteFilter, RouteSpec } from 'netloom'
import type { Arguments } from './arguments.js'
import { applied } from './bulk.js'
import { Report } from './report.js'

type Family = 'inet' | 'inet6'

/** By which all routes go. */
export const gateways = { inet: '10.255.0.2', inet6: 'fd00:ffff::2' }

function destination(family: Family, i: number): string {
  if (family === 'inet') return `${16 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}.0/24`
  return `2001:db8:${(i >> 16).toString(16)}:${(i & 0xffff).toString(16)}::/64`
}

/** The destinations, made before the clock starts. */
function destinations(family: Family, count: number): string[] {
  return Array.from({ length: count }, (_, i) => destination(family, i))
}

function* specs(list: readonly string[], family: Family, link: number): Generator<RouteSpec> {
  const gateway = gateways[family]
  for (const destination of list) yield { destination, gateway, link }
}

export async function routesAdd(args: Arguments): Promise<void> {
  const family = args.family()
  const list = destinations(family, args.number('count'))
  const report = await Report.start()
  await using stack = await NetworkStack.open()
  const { index } = await stack.links.get('wire0')
  const result = await stack.routes.addMany(specs(list, family, index))
  report.part('add')
  await report.print(applied(result))
}

/** The same in calls of so many routes each. */
export async function routesAddCalls(args: Arguments): Promise<void> {
  const family = args.family()
  const list = destinations(family, args.number('count'))
  const size = args.number('size')
  let count = 0
  const report = await Report.start()
  await using stack = await NetworkStack.open()
  const { index } = await stack.links.get('wire0')
  for (let from = 0; from < list.length; from += size) {
    count += applied(await stack.routes.addMany(specs(list.slice(from, from + size), family, index)))
  }
  report.part('add')
  await report.print(count)
}

export async function routesDelete(args: Arguments): Promise<void> {
  const list = destinations(args.family(), args.number('count'))
  const report = await Report.start()
  await using stack = await NetworkStack.open()
  const result = await stack.routes.deleteMany(list)
  report.part('delete')
  await report.print(applied(result))
}

export async function routesList(args: Arguments): Promise<void> {
  const family = args.family()
  const report = await Report.start()
  await using stack = await NetworkStack.open()
  const routes = await stack.routes.list({ family, table: 'main' })
  report.part('list')
  await report.print(routes.filter((route) => route.gateway === gateways[family]).length)
}

export async function routesStream(args: Arguments): Promise<void> {
  const family = args.family()
  const gateway = gateways[family]
  let count = 0
  const report = await Report.start()
  await using stack = await NetworkStack.open()
  for await (const route of stack.routes.iterate({ family, table: 'main' })) {
    if (route.destination !== '' && route.gateway === gateway) count++
  }
  report.part('stream')
  await report.print(count)
}

export async function routesTable(args: Arguments): Promise<void> {
  const filter: RouteFilter = { family: args.family(), table: args.number('table') }
  let count = 0
  const report = Report.startUnmetered()
  await using stack = await NetworkStack.open()
  for (let i = 0; i < args.number('repeat'); i++) {
    count += (await report.sample('table', () => stack.routes.list(filter))).length
  }
  await report.print(count)
}

export async function routeAdd(args: Arguments): Promise<void> {
  const list = destinations('inet', args.number('count'))
  const report = Report.startUnmetered()
  await using stack = await NetworkStack.open()
  const { index } = await stack.links.get('wire0')
  for (const route of specs(list, 'inet', index)) {
    await report.sample('add', () => stack.routes.add(route))
  }
  await report.print(list.length)
}
