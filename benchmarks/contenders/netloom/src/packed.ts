/** Routes as columns, without an object for each. */
import { NetworkStack } from 'netloom'
import type { PackedRoutes, PackedRoutesSpec } from 'netloom'
import type { Arguments } from './arguments.js'
import { applied } from './bulk.js'
import { Report } from './report.js'
import { gateways } from './routes.js'

function columns(family: 'inet' | 'inet6', count: number, link: number): PackedRoutesSpec {
  const gateway = gateways[family]
  if (family === 'inet') {
    const destination = Uint32Array.from({ length: count }, (_, i) => 0x10000000 + i * 256)
    return { family, destination, prefixLength: 24, gateway, link }
  }
  const destination = new Uint8Array(count * 16)
  const view = new DataView(destination.buffer)
  for (let i = 0; i < count; i++) {
    view.setUint32(i * 16, 0x20010db8)
    view.setUint32(i * 16 + 4, i)
  }
  return { family, destination, prefixLength: 64, gateway, link }
}

/** The rows by the gateway of all that were added: it ends in 2, and no other does. */
function byGateway(table: PackedRoutes): number {
  let count = 0
  for (let i = 0; i < table.length; i++) {
    const last = table.family === 'inet' ? table.gateway[i]! & 255 : table.gateway[i * 16 + 15]!
    if (last === 2) count++
  }
  return count
}

export async function routesAddPacked(args: Arguments): Promise<void> {
  await using stack = await NetworkStack.open()
  const { index } = await stack.links.get('wire0')
  const table = columns(args.family(), args.number('count'), index)
  const report = await Report.start()
  await using fresh = await NetworkStack.open()
  const result = await fresh.routes.addPacked(table)
  report.part('add')
  await report.print(applied(result))
}

export async function routesListPacked(args: Arguments): Promise<void> {
  const report = await Report.start()
  await using stack = await NetworkStack.open()
  const table = await stack.routes.listPacked({ family: args.family(), table: 'main' })
  report.part('list')
  await report.print(byGateway(table))
}

export async function routesStreamPacked(args: Arguments): Promise<void> {
  let count = 0
  const report = await Report.start()
  await using stack = await NetworkStack.open()
  for await (const table of stack.routes.iteratePacked({ family: args.family(), table: 'main' })) {
    count += byGateway(table)
  }
  report.part('stream')
  await report.print(count)
}
