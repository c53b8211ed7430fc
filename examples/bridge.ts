/**
 * Containers that reach each other: a bridge is a switch, and the host's end of each cable a port of it.
 *
 * Prints:
 *   br0 has the ports veth1, veth2
 *   con1 hears: hello from con2
 */
import { createServer } from 'node:net'
import { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { NetworkNamespace, NetworkStack } from 'netloom'

await using machine = await NetworkNamespace.create()
await using host = await NetworkStack.open({ namespace: machine })
await using con1 = await NetworkNamespace.create()
await using con2 = await NetworkNamespace.create()

const bridge = await host.links.add({ kind: 'bridge', name: 'br0', up: true, bridge: { forwardDelay: 2 } })
await host.addresses.add(bridge, '172.17.0.1/24')

for (const [i, namespace] of [con1, con2].entries()) {
  const peer = { name: 'eth0', namespace, macAddress: `02:42:ac:11:00:0${i + 2}` }
  await host.links.add({ kind: 'veth', name: `veth${i + 1}`, master: bridge, up: true, peer })
  await using guest = await NetworkStack.open({ namespace })
  const batch = guest.batch()
  batch.links.set('lo', { up: true })
  batch.links.set('eth0', { up: true })
  batch.addresses.add('eth0', `172.17.0.${i + 2}/24`)
  batch.routes.add({ destination: 'default', gateway: '172.17.0.1' })
  for (const outcome of await batch.commit()) if (outcome.status === 'failed') throw outcome.error
}

const ports = await host.links.list({ master: 'br0' })
console.log(`br0 has the ports ${ports.map((port) => port.name).join(', ')}`)

const server = createServer((connection) => connection.end('hello from con2'))
const listening = await con2.openSocket({ type: 'tcp', address: '172.17.0.3', port: 7 })
await new Promise<void>((resolve) => server.listen({ fd: listening }, resolve))

const socket = new Socket({ fd: await con1.openSocket({ type: 'tcp' }) })
socket.connect({ host: '172.17.0.3', port: 7 })
console.log(`con1 hears: ${await text(socket)}`)
server.close()
