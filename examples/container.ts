/**
 * A container that the host can reach: a namespace, a cable, an address and a route on each side.
 *
 * Prints:
 *   eth0 has 172.17.0.2/32 and leaves by 172.17.0.1
 *   the host reaches 172.17.0.2 by veth1
 */
import { NetworkNamespace, NetworkStack } from 'netloom'

await using machine = await NetworkNamespace.create()
await using container = await NetworkNamespace.create()
await using host = await NetworkStack.open({ namespace: machine })
await using guest = await NetworkStack.open({ namespace: container })

await host.links.add({ kind: 'veth', name: 'veth1', up: true, peer: { name: 'eth0', namespace: container } })
await host.addresses.add('veth1', '172.17.0.1/32')

await guest.links.set('lo', { up: true })
await guest.links.set('eth0', { up: true })
await guest.addresses.add('eth0', '172.17.0.2/32')

await host.routes.add({ destination: '172.17.0.2/32', link: 'veth1' })
await guest.routes.add({ destination: '172.17.0.1/32', link: 'eth0' })
await guest.routes.add({ destination: 'default', gateway: '172.17.0.1' })

const [address] = await guest.addresses.list({ link: 'eth0', family: 'inet' })
const [route] = (await guest.routes.list({ family: 'inet' })).filter(
  (each) => each.destination === '0.0.0.0/0'
)
console.log(`eth0 has ${address?.address} and leaves by ${route?.gateway}`)

const found = await host.routes.lookup('172.17.0.2')
const by = await host.links.get(found.link!)
console.log(`the host reaches 172.17.0.2 by ${by.name}`)
