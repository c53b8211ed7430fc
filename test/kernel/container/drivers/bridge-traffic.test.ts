/** What driver and firewall make together, with real connections. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bridgeDriver as driver } from '../../../../src/container/drivers/bridge/driver.js'
import type { BridgeNetworkOptions } from '../../../../src/container/drivers/bridge/options.js'
import type { EndpointPlan } from '../../../../src/container/drivers/index.js'
import type { NetworkOptions, NetworkRecord } from '../../../../src/container/model/network.js'
import { needsProgram } from '../../../setup/requirements.js'
import { settled } from '../../../setup/settled.js'
import { client, serve } from '../firewall/talk.js'
import { endpointOf, machine, planned, pools } from './machine.js'
import type { Machine, Node } from './machine.js'

interface Container {
  readonly inside: Node
  readonly plan: EndpointPlan
  readonly address: string
  readonly address6: string
}

let m: Machine
let outside: Node
let open: (() => void)[]

/** A host with somebody outside of it: 172.16.0.2 and fd16::2, who knows the way to the containers' addresses. */
beforeEach(async () => {
  open = []
  m = await machine()
  outside = await m.sandbox()
  const peer = { name: 'eth0', namespace: outside.namespace, up: true }
  await m.host.stack.links.add({ kind: 'veth', name: 'uplink', up: true, peer })
  const flags = { flags: ['nodad'] as const }
  await m.host.stack.addresses.add('uplink', '172.16.0.1/24')
  await m.host.stack.addresses.add('uplink', { address: 'fd16::1/64', ...flags })
  await outside.stack.addresses.add('eth0', '172.16.0.2/24')
  await outside.stack.addresses.add('eth0', { address: 'fd16::2/64', ...flags })
  await outside.stack.routes.add({ destination: 'default', gateway: '172.16.0.1' })
  await outside.stack.routes.add({ destination: 'default', gateway: 'fd16::1' })
  await settled(m.host.stack, outside.stack)
})
afterEach(async () => {
  for (const close of open) close()
  await m[Symbol.asyncDispose]()
})

async function network(options: Omit<NetworkOptions, 'name' | 'pools'> = {}): Promise<NetworkRecord> {
  const record = await planned(driver, m.host, options)
  await driver.ensureNetwork(m.host, record)
  return record
}

/** A sandbox that is connected, with its default routes, and a server at port 80 that tells its name. */
async function container(record: NetworkRecord, name: string, hostPort?: number): Promise<Container> {
  const inside = await m.sandbox()
  const port = { protocol: 'tcp', hostPort: hostPort ?? 0, containerPort: 80 } as const
  const addresses = hostPort === undefined ? [] : ['0.0.0.0', '::']
  const ports = addresses.map((hostAddress) => ({ ...port, hostAddress }))
  const plan = endpointOf(record, { ports })
  await driver.ensureEndpoint(m.host, inside, plan)
  for (const route of driver.defaultRoutes(plan))
    await inside.stack.routes.add({ destination: 'default', ...route })
  for (const family of ['inet', 'inet6'] as const) open.push(await serve(inside.namespace, name, 80, family))
  return { inside, plan, address: plan.endpoint.address!, address6: plan.endpoint.address6! }
}

/** Who answers, or undefined after a while. */
async function ask({ namespace }: Node, address: string, port: number, patience = 5000) {
  const asker = await client(namespace, 'tcp', address, port)
  try {
    return (await asker.ask(patience))?.split(' ')[0]
  } finally {
    asker.close()
  }
}
const tries = (from: Node, address: string, port: number) => ask(from, address, port, 300)

/** Whether the rules of IP see what a bridge passes on: true where the kernel can't let them. */
async function callRules(on: boolean): Promise<boolean> {
  const keys = { 'net.bridge.bridge-nf-call-iptables': on, 'net.bridge.bridge-nf-call-ip6tables': on }
  return m.host.namespace.sysctl.setMany(keys).then(
    () => true,
    () => !on
  )
}

describe('a published port', () => {
  needsProgram('ping')

  it('is reached at once from everywhere, and no longer when it is disconnected', async () => {
    const record = await network()
    const { inside, plan } = await container(record, 'web', 8080)
    expect(await ask(outside, 'fd16::1', 8080)).toBe('web')
    expect(await ask(outside, '172.16.0.1', 8080)).toBe('web')
    for (const address of ['127.0.0.1', '::1', '172.16.0.1', 'fd16::1', '10.88.0.1', 'fd00:88::1'])
      expect(await ask(m.host, address, 8080)).toBe('web')
    await driver.releaseEndpoint(m.host, inside, plan)
    expect(await tries(outside, '172.16.0.1', 8080)).toBeUndefined()
    expect(await tries(m.host, '127.0.0.1', 8080)).toBeUndefined()
  })

  const cases = [false, true].flatMap((rules) => [true, false].map((open) => [rules, open] as const))

  it.for(cases)(
    'is reached by its own container and by others (rules see frames: %s, interContainer: %s)',
    async ([rules, interContainer], { skip }) => {
      if (!(await callRules(rules))) skip('br_netfilter is not loaded')
      const record = await network({ bridge: { interContainer } satisfies BridgeNetworkOptions })
      const web = await container(record, 'web', 8080)
      const other = await container(record, 'other')
      for (const address of ['172.16.0.1', 'fd16::1', '10.88.0.1', 'fd00:88::1']) {
        expect(await ask(web.inside, address, 8080)).toBe('web')
        expect(await ask(other.inside, address, 8080)).toBe('web')
      }
      const direct = interContainer ? 'web' : undefined
      expect(await tries(other.inside, web.address, 80)).toBe(direct)
      expect(await tries(other.inside, web.address6, 80)).toBe(direct)
    }
  )
})

describe('a container', () => {
  needsProgram('ping')

  it('reaches outside, from where it is not reached', async () => {
    const { inside, address, address6 } = await container(await network(), 'web')
    open.push(await serve(outside.namespace, 'outside', 80, 'inet'))
    open.push(await serve(outside.namespace, 'outside', 80, 'inet6'))
    expect(await ask(inside, '172.16.0.2', 80)).toBe('outside')
    expect(await ask(inside, 'fd16::2', 80)).toBe('outside')
    expect(await tries(outside, address, 80)).toBeUndefined()
    expect(await tries(outside, address6, 80)).toBeUndefined()
  })

  it('tells the others its MAC address when it gets the addresses of another', async () => {
    const record = await network()
    const { inside, plan, address, address6 } = await container(record, 'before')
    const other = await container(record, 'other')
    for (const each of [address, address6]) expect(await ask(other.inside, each, 80)).toBe('before')
    await driver.releaseEndpoint(m.host, inside, plan)
    const next = endpointOf(record, { address, address6 })
    const { macAddress } = await driver.ensureEndpoint(m.host, await m.sandbox(), next)
    const known = async () => {
      const neighbors = await other.inside.stack.neighbors.list()
      const those = neighbors.filter(({ destination }) => destination === address || destination === address6)
      return those.map((neighbor) => neighbor.macAddress)
    }
    await expect.poll(known, { timeout: 3000 }).toEqual([macAddress, macAddress])
  })

  it('of an internal network reaches its like and the gateway, and nobody outside', async () => {
    const record = await network({ internal: true })
    const one = await container(record, 'one')
    const two = await container(record, 'two')
    expect(await ask(one.inside, two.address, 80)).toBe('two')
    expect(await one.inside.ping('10.88.0.1')).toBe(true)
    // Also where it makes itself a way out.
    await one.inside.stack.routes.add({ destination: 'default', gateway: pools.inet.gateway })
    open.push(await serve(outside.namespace, 'outside', 80, 'inet'))
    expect(await tries(one.inside, '172.16.0.2', 80)).toBeUndefined()
  })
})
