/**
 * The classic exercise: three servers on two networks. The frontend reaches the catalog by name, the catalog reaches the
 * database by name, the frontend does not reach the database, and only the frontend's port is published on the host.
 * Then the questions that one asks of a running container.
 *
 * Prints:
 *   the host asks the frontend at port 3000: frontend ← netflix-catalog ← cassandra-db
 *   the frontend asks cassandra-db: no such name
 *   the frontend asks cassandra-db by its address: no answer
 *   the host asks netflix-catalog at port 8080: no answer
 *   Which network is the frontend on? public-net-1
 *   Its interface as the host sees it: a veth, port of the bridge of public-net-1
 *   Its interface as it sees it itself: eth0
 *   Its address: 172.20.0.2/16
 *   Its default gateway: 172.20.0.1, by eth0
 *   Connected live to private-net-2: eth1 with 172.22.0.2/16, and its process is still the same
 *   The host pings 172.20.0.2: yes
 *   The host pings 172.22.0.2: yes
 */
import { once } from 'node:events'
import { NetworkNamespace, NetworkStack } from 'netloom'
import { ContainerNetworks } from 'netloom/container'
import type { Sandbox } from 'netloom/container'

// What plays the host is a namespace too, so that this runs anywhere and touches nothing.
await using machine = await NetworkNamespace.create()
await using host = await NetworkStack.open({ namespace: machine })
await host.links.set('lo', { up: true })
await using container = await ContainerNetworks.open({ host: machine })
const { networks, sandboxes } = container

await networks.create({ name: 'public-net-1', pools: [{ subnet: '172.20.0.0/16' }] })
await networks.create({ name: 'private-net-1', pools: [{ subnet: '172.21.0.0/16' }], internal: true })

const frontend = await sandboxes.create({ name: 'frontend' })
const catalog = await sandboxes.create({ name: 'netflix-catalog' })
const database = await sandboxes.create({ name: 'cassandra-db' })
await frontend.connect('public-net-1', { ports: ['3000:3000'] })
await catalog.connect('public-net-1')
await catalog.connect('private-net-1')
await database.connect('private-net-1')

/** Starts a server in a sandbox, that says its name, and what the next one says. */
async function serve(sandbox: Sandbox, port: number, next?: string) {
  const program = `
    const { createServer } = require('node:http')
    const server = createServer(async (request, response) => {
      const next = ${JSON.stringify(next)}
      const rest = next === undefined ? '' : ' ← ' + await fetch(next).then((r) => r.text(), () => 'nobody')
      response.end(${JSON.stringify(sandbox.name)} + rest)
    })
    server.listen(${port}, '0.0.0.0', () => console.log('ready'))`
  const server = await sandbox.spawn(process.execPath, ['--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
  await once(server.stdout!, 'data')
  return server
}

using _database = await serve(database, 9042)
using _catalog = await serve(catalog, 8080, 'http://cassandra-db:9042')
using process3000 = await serve(frontend, 3000, 'http://netflix-catalog:8080')

/** Runs a program; what it prints, without its last line end. */
async function run(place: Sandbox | NetworkNamespace, command: string, ...args: string[]): Promise<string> {
  const program = await place.spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  return Buffer.concat(await program.stdout!.toArray())
    .toString()
    .trimEnd()
}

/** Asks a server from a place; what it says, or why not. */
async function ask(from: Sandbox | NetworkNamespace, url: string): Promise<string> {
  const program = `
    fetch(${JSON.stringify(url)}, { signal: AbortSignal.timeout(2000) })
      .then((response) => response.text())
      .then(console.log, ({ cause }) => console.log(/ENOTFOUND|EAI_AGAIN/.test(cause?.code) ? 'no such name' : 'no answer'))`
  return run(from, process.execPath, '--eval', program)
}

const addressOf = (prefix: string | undefined) => prefix!.split('/')[0]!
const [onPrivate] = (await networks.inspect('private-net-1')).endpoints.filter(
  (e) => e.sandboxId === database.id
)
console.log('the host asks the frontend at port 3000:', await ask(machine, 'http://127.0.0.1:3000'))
console.log('the frontend asks cassandra-db:', await ask(frontend, 'http://cassandra-db:9042'))
const byAddress = `http://${addressOf(onPrivate!.address)}:9042`
console.log('the frontend asks cassandra-db by its address:', await ask(frontend, byAddress))
console.log('the host asks netflix-catalog at port 8080:', await ask(machine, 'http://127.0.0.1:8080'))

const [endpoint] = await frontend.endpoints()
console.log('Which network is the frontend on?', endpoint!.networkName)

const outer = await host.links.get(endpoint!.hostInterfaceName!)
const bridge = await host.links.get(outer.master!)
const { bridge: name } = await networks.inspect(endpoint!.networkName)
const where = bridge.name === name ? `port of the bridge of ${endpoint!.networkName}` : 'lost'
console.log(`Its interface as the host sees it: a ${outer.kind}, ${where}`)

await using namespace = await frontend.openNamespace()
await using inside = await NetworkStack.open({ namespace })
const eth0 = await inside.links.get(outer.link!)
console.log('Its interface as it sees it itself:', eth0.name)
const [address] = await inside.addresses.list({ link: eth0, family: 'inet' })
console.log('Its address:', address!.address)
const [route] = await inside.routes.list({ destination: 'default', family: 'inet' })
const by = await inside.links.get(route!.link!)
console.log(`Its default gateway: ${route!.gateway}, by ${by.name}`)

await networks.create({ name: 'private-net-2', pools: [{ subnet: '172.22.0.0/16' }] })
const second = await frontend.connect('private-net-2')
const alive =
  process3000.exitCode === null ? 'and its process is still the same' : 'but its process has ended'
console.log(`Connected live to private-net-2: ${second.interfaceName} with ${second.address}, ${alive}`)

for (const prefix of [endpoint!.address, second.address]) {
  const ping = await machine.spawn('ping', ['-c', '1', '-W', '1', addressOf(prefix)], { stdio: 'ignore' })
  const { code } = await ping.exited
  console.log(`The host pings ${addressOf(prefix)}: ${code === 0 ? 'yes' : 'no'}`)
}
