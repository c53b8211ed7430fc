/** netloom as its README recommends; the protocol is that of benchmarks/README.md. */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Arguments } from './arguments.js'
import { container } from './container.js'
import { idleLists } from './idle.js'
import { linkGet, linkGetConcurrent } from './link.js'
import { loopProbe } from './loop-probe.js'
import { monitor } from './monitor.js'
import { dnsServe } from './names.js'
import { networkConnect, networkConnectNameless, networkConnectState } from './networks.js'
import { routesAddPacked, routesListPacked, routesStreamPacked } from './packed.js'
import { nftList, nftMap, nftRule, nftRules, nftSet } from './nftables.js'
import {
  routeAdd,
  routesAdd,
  routesAddCalls,
  routesDelete,
  routesList,
  routesStream,
  routesTable
} from './routes.js'
import { vethAdd, vethDelete } from './veth.js'
import { warmUp } from './warm-up.js'

function version(): Promise<void> {
  const manifest = readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(manifest) as { version: string }
  console.log(JSON.stringify({ version }))
  return Promise.resolve()
}

const operations: Readonly<Record<string, (args: Arguments) => Promise<void>>> = {
  container,
  'dns-serve': dnsServe,
  'idle-lists': idleLists,
  'link-get': linkGet,
  'link-get-concurrent': linkGetConcurrent,
  'loop-probe': loopProbe,
  monitor,
  'monitor-resync': monitor,
  'network-connect': networkConnect,
  'network-connect-nameless': networkConnectNameless,
  'network-connect-state': networkConnectState,
  'nft-list': nftList,
  'nft-map': nftMap,
  'nft-rule': nftRule,
  'nft-rules': nftRules,
  'nft-set': nftSet,
  'route-add': routeAdd,
  'routes-add': routesAdd,
  'routes-add-calls': routesAddCalls,
  'routes-add-packed': routesAddPacked,
  'routes-delete': routesDelete,
  'routes-list': routesList,
  'routes-list-packed': routesListPacked,
  'routes-stream': routesStream,
  'routes-stream-packed': routesStreamPacked,
  'routes-table': routesTable,
  version,
  'veth-add': vethAdd,
  'veth-delete': vethDelete
}

const [name = '', ...words] = process.argv.slice(2)
const operation = operations[name]
if (operation === undefined) throw new Error(`no such operation: ${JSON.stringify(name)}`)
if (process.env['NETLOOM_BENCH_COLD'] === undefined && operation !== version) {
  await warmUp(name, words.includes('family=inet6') ? 'inet6' : 'inet')
  // The kernel removes the namespaces of that in the background, and holds its routing lock meanwhile.
  await sleep(100)
}
await operation(new Arguments(words))
