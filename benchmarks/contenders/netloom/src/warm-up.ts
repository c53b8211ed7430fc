/**
 * Makes the engine compile what will be measured, in namespaces that are thrown away: netloom is used in
 * processes that run for long, and what the first calls of a fresh one cost on top is said elsewhere.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { NetworkNamespace, NetworkStack, nft } from 'netloom'
import type { BatchLinkSpec, RouteSpec } from 'netloom'
import { applied } from './bulk.js'
import { connectAndDisconnect } from './networks.js'

const routes = 6000
const pairs = 400

function* routeSpecs(family: string): Generator<RouteSpec> {
  for (let i = 0; i < routes; i++) {
    const [high, low] = [i >> 8, i & 255]
    yield family === 'inet6'
      ? { destination: `2001:db8:${high.toString(16)}:${low.toString(16)}::/64`, gateway: 'fd00:fffe::2' }
      : { destination: `16.${high}.${low}.0/24`, gateway: '10.254.0.2' }
  }
}

function* linkSpecs(namespace: NetworkNamespace): Generator<BatchLinkSpec> {
  for (let i = 0; i < pairs; i++) {
    const peer = { name: `p${i}`, index: 100 + i, namespace }
    yield { kind: 'veth', name: `v${i}`, index: 100 + i, up: true, peer }
  }
}

/** Milliseconds in which the kernel has removed the namespaces, for which it holds the routing lock. */
const aftermath = 500

export async function warmUp(operation: string, family: string): Promise<void> {
  await rehearse(operation, family)
  await delay(aftermath)
}

async function rehearse(operation: string, family: string): Promise<void> {
  await using namespace = await NetworkNamespace.create()
  await using other = await NetworkNamespace.create()
  await using stack = await NetworkStack.open({ namespace })
  const monitored = operation.startsWith('monitor')
  if (operation.startsWith('route') || monitored) {
    const link = { kind: 'veth', name: 'wire0', up: true, peer: { name: 'wire1', up: true } } as const
    const { index } = await stack.links.add(link)
    await stack.addresses.add('wire0', '10.254.0.1/16')
    await stack.addresses.add('wire0', { address: 'fd00:fffe::1/64', flags: ['nodad'] })
    const specs = Array.from(routeSpecs(family), (spec) => ({ ...spec, link: index }))
    if (monitored) return await follow(stack, specs)
    for (let round = 0; round < 2; round++) {
      applied(await stack.routes.addMany(specs))
      await stack.routes.list()
      let seen = 0
      for await (const { gateway } of stack.routes.iterate()) if (gateway !== undefined) seen++
      if (seen < routes) throw new Error(`only ${seen} of ${routes} routes were read`)
      applied(await stack.routes.deleteMany(specs))
    }
    for (const spec of specs.slice(0, 500)) await stack.routes.add(spec)
  } else if (operation.startsWith('nft')) {
    await transact(stack)
  } else if (operation.startsWith('network')) {
    await connectAndDisconnect(namespace, other)
  } else if (operation.startsWith('link')) {
    for (let i = 0; i < 2000; i++) await stack.links.get('lo')
  } else if (operation.startsWith('veth')) {
    applied(await stack.links.addMany(linkSpecs(other)))
    await using guest = await NetworkStack.open({ namespace: other })
    const batch = guest.batch()
    for (let i = 0; i < pairs; i++) {
      batch.links.set(100 + i, { up: true })
      batch.addresses.add(100 + i, `10.200.0.${i & 255}/32`)
    }
    await batch.commit()
    applied(await stack.links.deleteMany(Array.from({ length: pairs }, (_, i) => `v${i}`)))
  }
}

async function follow(stack: NetworkStack, specs: readonly RouteSpec[]): Promise<void> {
  await using monitor = stack.monitor({ objects: ['route'] })
  await stack.routes.add({ destination: '208.0.0.0/24', gateway: '10.254.0.2' })
  const changing = (async () => {
    for (let round = 0; round < 4; round++) {
      applied(await stack.routes.addMany(specs))
      applied(await stack.routes.deleteMany(specs))
    }
    await stack.routes.delete({ destination: '208.0.0.0/24' })
  })()
  for await (const { change, value } of monitor)
    if (change === 'delete' && value.destination === '208.0.0.0/24') break
  await changing
}

async function transact(stack: NetworkStack): Promise<void> {
  const bench = { family: 'ip', table: 'bench' } as const
  for (let round = 0; round < 4; round++) {
    await stack.nftables.commit((tx) => {
      tx.tables.add({ family: 'ip', name: 'bench' })
      tx.chains.add({ ...bench, name: 'c' })
      for (let i = 0; i < 1000; i++) {
        const { accept, counter, ip, match, tcp } = nft
        const expressions = [
          match(ip.saddr, `10.0.${i >> 8}.${i & 255}`),
          match(tcp.dport, 80),
          counter(),
          accept()
        ]
        tx.rules.add({ ...bench, chain: 'c', expressions })
      }
      tx.sets.add({ ...bench, name: 's', key: 'ipv4_addr' })
      const addresses = Array.from({ length: 5000 }, (_, i) => `10.0.${i >> 8}.${i & 255}`)
      tx.elements.add({ ...bench, name: 's' }, addresses)
      tx.sets.add({ ...bench, name: 'm', key: 'inet_service', value: ['ipv4_addr', 'inet_service'] })
      const mapped = addresses.map((address, i) => ({ key: i + 1, value: [address, 80] as const }))
      tx.elements.add({ ...bench, name: 'm' }, mapped)
    })
    await stack.nftables.ruleset()
    await stack.nftables.commit((tx) => tx.tables.delete({ family: 'ip', name: 'bench' }))
  }
}
