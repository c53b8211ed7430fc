/**
 * Policy routing: what carries a firewall mark leaves by another link, from a table of its own.
 *
 * Prints:
 *   without the mark: by 192.0.2.1
 *   with the mark: by 198.51.100.1
 */
import { NetworkNamespace, NetworkStack } from 'netloom'

await using namespace = await NetworkNamespace.create()
await using stack = await NetworkStack.open({ namespace })

await stack.links.add({ kind: 'veth', name: 'wan1', up: true, peer: { name: 'isp1', up: true } })
await stack.links.add({ kind: 'veth', name: 'wan2', up: true, peer: { name: 'isp2', up: true } })
await stack.addresses.add('wan1', '192.0.2.2/24')
await stack.addresses.add('wan2', '198.51.100.2/24')

await stack.routes.add({ destination: 'default', gateway: '192.0.2.1' })
await stack.routes.add({ destination: 'default', gateway: '198.51.100.1', table: 100 })
await stack.rules.add({ family: 'inet', priority: 1000, mark: 7, table: 100 })

const plain = await stack.routes.lookup('203.0.113.5')
const marked = await stack.routes.lookup('203.0.113.5', { mark: 7 })
console.log(`without the mark: by ${plain.gateway}`)
console.log(`with the mark: by ${marked.gateway}`)
