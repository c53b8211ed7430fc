/**
 * Measures the npm package netlink as `benchmarks/README.md` says. It has no way into another network namespace,
 * so it can neither configure the other end of a veth pair nor make a container.
 */
import { readFileSync } from 'node:fs'
import { parseArguments } from './arguments.js'
import { getLinkEach, getLinksConcurrently } from './links.js'
import { addRouteEach, addRoutes, deleteRoutes, listRoutes, readTable, streamRoutes } from './routes.js'
import { deleteVeths } from './veth.js'

const operations = {
  version: packageVersion,
  'routes-add': addRoutes,
  'routes-delete': deleteRoutes,
  'routes-list': listRoutes,
  'routes-stream': streamRoutes,
  'routes-table': readTable,
  'route-add': addRouteEach,
  'veth-delete': deleteVeths,
  'link-get': getLinkEach,
  'link-get-concurrent': getLinksConcurrently
}

const [operation, ...values] = process.argv.slice(2)
if (!Object.hasOwn(operations, operation)) throw new Error(`${operation}: no such operation`)
console.log(JSON.stringify(await operations[operation](parseArguments(values))))

function packageVersion() {
  const { version } = JSON.parse(
    readFileSync(new URL('node_modules/netlink/package.json', import.meta.url), 'utf8')
  )
  return { version }
}
