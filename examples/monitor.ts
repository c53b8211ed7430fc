/**
 * A mirror of the routing table: every event applied to a `Map` gives the kernel's state, also for the routes
 * that vanish with their link, for which the kernel sends nothing.
 *
 * Prints:
 *   10.1.0.0/24 10.2.0.0/24
 *   10.2.0.0/24
 */
import { NetworkNamespace, NetworkStack } from 'netloom'
import type { Route } from 'netloom'

await using namespace = await NetworkNamespace.create()
await using stack = await NetworkStack.open({ namespace })
for (const n of [1, 2]) {
  await stack.links.add({ kind: 'veth', name: `veth${n}`, up: true, peer: { name: `peer${n}`, up: true } })
}

const table = new Map<string, Route>()
const inMain = (): string =>
  [...table.values()]
    .filter((route) => route.table === 254 && route.family === 'inet')
    .map((route) => route.destination)
    .sort()
    .join(' ')

const monitor = stack.monitor({ objects: ['route'], initial: true })
await stack.routes.add({ destination: '10.1.0.0/24', link: 'veth1' })
await stack.routes.add({ destination: '10.2.0.0/24', link: 'veth2' })

for await (const event of monitor) {
  const before = inMain()
  if (event.change === 'new') table.set(event.key, event.value)
  else table.delete(event.key)
  if (inMain() === before) continue
  if (before === '10.1.0.0/24 10.2.0.0/24') {
    console.log(inMain())
    break
  }
  if (inMain() === '10.1.0.0/24 10.2.0.0/24') {
    console.log(inMain())
    await stack.links.delete('veth1')
  }
}
