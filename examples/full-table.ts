/**
 * A routing table of 100,000 routes as columns of typed arrays: no object for each route, and the work is done
 * on a thread of netloom's own.
 *
 * Prints:
 *   100000 routes added, 0 failed
 *   66667 by 192.0.2.1, 33333 by 192.0.2.2
 *   to 30.1.2.3 by 192.0.2.1
 *   192.0.2.2 is lost: 33333 routes deleted
 *   66667 routes left
 */
import { NetworkNamespace, NetworkStack } from 'netloom'

await using namespace = await NetworkNamespace.create()
await using stack = await NetworkStack.open({ namespace })
await stack.links.add({ kind: 'veth', name: 'wan', up: true, peer: { name: 'isp', up: true } })
await stack.addresses.add('wan', '192.0.2.10/24')

// Addresses are numbers in host order: 192.0.2.1 is 0xc0000201.
const first = 0xc0000201
const second = 0xc0000202
const count = 100_000
const destination = new Uint32Array(count)
const gateway = new Uint32Array(count)
for (let i = 0; i < count; i++) {
  destination[i] = 0x1e000000 + i * 256 // 30.0.0.0/24, 30.0.1.0/24 and so on
  gateway[i] = i % 3 === 1 ? second : first
}

// What is the same in all rows is given once.
const table = {
  family: 'inet',
  destination,
  prefixLength: 24,
  gateway,
  link: 'wan',
  protocol: 'bgp'
} as const
const { applied, failures } = await stack.routes.addPacked(table)
console.log(`${applied} routes added, ${failures.length} failed`)

// In parts, so that memory stays bounded however large the table is.
let bySecond = 0
for await (const part of stack.routes.iteratePacked({ family: 'inet', protocol: 'bgp' })) {
  for (const router of part.gateway) if (router === second) bySecond++
}
console.log(`${count - bySecond} by 192.0.2.1, ${bySecond} by 192.0.2.2`)
const route = await stack.routes.lookup('30.1.2.3')
console.log(`to 30.1.2.3 by ${route.gateway}`)

const lost = destination.filter((_, i) => gateway[i] === second)
const deleted = await stack.routes.deletePacked({ ...table, destination: lost, gateway: second })
console.log(`192.0.2.2 is lost: ${deleted.applied} routes deleted`)
const left = await stack.routes.listPacked({ family: 'inet', protocol: 'bgp' })
console.log(`${left.length} routes left`)
