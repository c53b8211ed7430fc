import { expect, it } from 'vitest'
import { DefaultAddressManager, hostSubnets } from '../../../../src/container/ipam/index.js'
import { MemoryStore } from '../../../../src/container/state/index.js'
import { NetworkNamespace } from '../../../../src/namespace/index.js'
import { NetworkStack } from '../../../../src/network-stack.js'
import { needsKind } from '../../../setup/requirements.js'

needsKind('veth')

/** A namespace that plays the host, with two links. */
async function testHost() {
  const namespace = await NetworkNamespace.create()
  const stack = await NetworkStack.open({ namespace })
  await stack.links.set('lo', { up: true })
  await stack.links.add({ kind: 'veth', name: 'lan0', up: true, peer: { name: 'lan1', up: true } })
  return {
    stack,
    async [Symbol.asyncDispose]() {
      await stack.close()
      await namespace.close()
    }
  }
}
const byLan = (subnet: string) => ({ subnet, by: 'link lan0' })

it('has the subnets of addresses and routes, and whose they are', async () => {
  await using host = await testHost()
  const { stack } = host
  await stack.addresses.add('lan0', '172.17.5.1/24')
  await stack.addresses.add('lan0', { address: 'fd00:17::1/64', flags: ['nodad'] })
  await stack.addresses.add('lan0', { address: '10.9.9.1', peer: '10.9.9.2/32' })
  await stack.routes.add({ destination: '172.18.0.0/16', gateway: '172.17.5.9' })
  await stack.routes.add({ destination: '172.20.0.0/16', link: 'lan0', table: 4242 })
  await stack.routes.add({ destination: '172.19.0.0/17', type: 'blackhole' })
  await stack.routes.add({
    destination: '172.21.0.0/16',
    nextHops: [{ gateway: '172.17.5.9' }, { gateway: '172.17.5.10' }]
  })
  const found = await hostSubnets(stack)
  const expected = [
    byLan('172.17.5.0/24'),
    byLan('fd00:17::/64'),
    byLan('10.9.9.2/32'),
    byLan('172.18.0.0/16'),
    byLan('172.20.0.0/16'),
    { subnet: '172.19.0.0/17', by: 'a route of the host' },
    { subnet: '172.21.0.0/16', by: 'a route of the host' }
  ]
  expect(found).toEqual(expect.arrayContaining(expected))
  expect(new Set(found.map(({ subnet }) => subnet)).size).toBe(found.length)

  const pool = await new MemoryStore().write((tx) =>
    new DefaultAddressManager().choosePool(tx, { family: 'inet', options: {}, used: found, gateway: true })
  )
  expect(pool.subnet).toBe('172.22.0.0/16')
})

it('leaves out default routes, halves of them, and what every link has', async () => {
  await using host = await testHost()
  const { stack } = host
  await stack.addresses.add('lan0', '10.1.0.1/24')
  await stack.addresses.add('lan0', '169.254.7.7/16')
  for (const destination of ['default', '0.0.0.0/1', '128.0.0.0/1', '224.0.0.0/8']) {
    await stack.routes.add({ destination, link: 'lan0' })
  }
  await stack.routes.add({ destination: 'default', family: 'inet6', link: 'lan0' })
  const { routes } = stack
  expect((await routes.list({ destination: 'fe80::/64' })).length).toBeGreaterThan(0)
  const subnets = (await hostSubnets(stack)).map(({ subnet }) => subnet)
  expect(subnets).toContain('10.1.0.0/24')
  for (const subnet of subnets) expect(subnet).toMatch(/^(10\.1\.0\.|127\.|::1\/128)/)
})

it('leaves out links that are asked to be', async () => {
  await using host = await testHost()
  const { stack } = host
  await stack.addresses.add('lan0', '10.1.0.1/24')
  await stack.addresses.add('lan1', '10.2.0.1/24')
  const subnets = (await hostSubnets(stack, { except: ['lan0'] })).map(({ subnet }) => subnet)
  expect(subnets).toContain('10.2.0.0/24')
  expect(subnets.filter((subnet) => subnet.startsWith('10.1.'))).toEqual([])
})
