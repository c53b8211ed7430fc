import { describe, expect, it } from 'vitest'
import { bridgeDriver as driver } from '../../../../src/container/drivers/bridge/driver.js'
import type { EndpointPlan } from '../../../../src/container/drivers/index.js'
import type { NetworkRecord } from '../../../../src/container/model/network.js'
import { needsProgram } from '../../../setup/requirements.js'
import { addressesOf, endpointOf, machine, planned, pools } from './machine.js'
import type { Machine, Node } from './machine.js'

const hostLink = ({ endpoint }: EndpointPlan): string => `veth${endpoint.id.slice(0, 11)}`
const bridgeOf = (network: NetworkRecord): string => network.driverOptions['name'] as string

/** A network that is there. */
async function network(m: Machine, options: Parameters<typeof planned>[2] = {}): Promise<NetworkRecord> {
  const record = await planned(driver, m.host, options)
  await driver.ensureNetwork(m.host, record)
  return record
}

/** A sandbox that is connected. */
async function connected(m: Machine, record: NetworkRecord, more: Parameters<typeof endpointOf>[1] = {}) {
  const inside = await m.sandbox()
  const plan = endpointOf(record, more)
  await driver.ensureEndpoint(m.host, inside, plan)
  return { inside, plan, address: plan.endpoint.address!, address6: plan.endpoint.address6! }
}

/** What an endpoint is like when it is complete. */
async function expectComplete(m: Machine, inside: Node, plan: EndpointPlan): Promise<void> {
  const { address, address6, interfaceName } = plan.endpoint
  const link = await inside.ip(interfaceName!)
  expect(addressesOf(link)).toEqual([`${address}/16`, `${address6}/64`])
  expect(link.flags).toContain('UP')
  expect((await inside.ip('lo')).flags).toContain('UP')
  const [outer] = await m.host.ns.ip('link', 'show', 'dev', hostLink(plan))
  expect(outer).toMatchObject({ master: bridgeOf(plan.network), operstate: 'UP' })
  expect(await inside.ping('10.88.0.1')).toBe(true)
  expect(await m.host.ping(address!)).toBe(true)
  expect(await m.host.ping(address6!)).toBe(true)
}

const linkNames = async ({ stack }: Node): Promise<string[]> =>
  (await stack.links.list()).map(({ name }) => name).sort()

describe('an endpoint of a bridge network', () => {
  needsProgram('ip', 'ping')

  it('is reached at once, over IPv6 too, and reaches the gateway', async () => {
    await using m = await machine()
    const { inside, plan, address, address6 } = await connected(m, await network(m))
    // One request each, right after the connection: nothing may be lost or tentative.
    expect(await m.host.ping(address6)).toBe(true)
    expect(await inside.ping('fd00:88::1')).toBe(true)
    expect(await m.host.ping(address)).toBe(true)
    expect(await inside.ping('10.88.0.1')).toBe(true)
    const addresses = (await inside.ip('eth0')).addr_info
    expect(addresses.filter(({ tentative }) => tentative !== undefined)).toEqual([])
    await expectComplete(m, inside, plan)
  })

  it('reaches another one at once', async () => {
    await using m = await machine()
    const record = await network(m)
    const one = await connected(m, record)
    const two = await connected(m, record)
    expect(await one.inside.ping(two.address6)).toBe(true)
    expect(await two.inside.ping(one.address)).toBe(true)
  })

  it('is alone and first of a network without IPv4', async () => {
    await using m = await machine()
    const { inside, address6 } = await connected(m, await network(m, { pools: [pools.inet6] }))
    expect(await m.host.ping(address6)).toBe(true)
    expect(await inside.ping('fd00:88::1')).toBe(true)
    expect(addressesOf(await inside.ip('eth0'))).toEqual([`${address6}/64`])
  })

  it('has no IPv6 where the network has none', async () => {
    await using m = await machine()
    const { inside, address } = await connected(m, await network(m, { pools: [pools.inet] }))
    expect(await m.host.ping(address)).toBe(true)
    expect((await inside.ip('eth0')).addr_info.map(({ local }) => local)).toEqual([address])
  })

  it('is made as its record says', async () => {
    await using m = await machine()
    const record = await network(m, { bridge: { mtu: 1400 } })
    const macAddress = '02:42:ac:11:00:99'
    const { inside, plan, address } = await connected(m, record, {
      macAddress,
      interfaceName: 'lan.7',
      linkLocalAddresses: ['169.254.3.4', 'fe80::77'],
      sysctls: { 'net.ipv4.conf.IFNAME.log_martians': '1', 'net/ipv6/conf/IFNAME/hop_limit': '9' }
    })
    const link = await inside.ip('lan.7')
    expect(link).toMatchObject({ mtu: 1400, address: macAddress })
    expect(addressesOf(link)).toEqual(
      expect.arrayContaining([`${address}/16`, `${plan.endpoint.address6}/64`, '169.254.3.4/16'])
    )
    expect(link.addr_info.map(({ local }) => local)).toContain('fe80::77')
    const { sysctl } = inside.namespace
    expect(await sysctl.get('net/ipv4/conf/lan.7/log_martians')).toBe(1)
    expect(await sysctl.get('net/ipv6/conf/lan.7/hop_limit')).toBe(9)
    const [outer] = await m.host.ns.ip('link', 'show', 'dev', hostLink(plan))
    expect(outer).toMatchObject({ mtu: 1400, inet6_addr_gen_mode: 'none' })
    expect((await m.host.ip(hostLink(plan))).addr_info).toEqual([])
  })

  it('tells the MAC address that follows from its id, the end on the host, and the index inside', async () => {
    await using m = await machine()
    const record = await network(m)
    const inside = await m.sandbox()
    const plan = endpointOf(record)
    const facts = await driver.ensureEndpoint(m.host, inside, plan)
    const { address, ifindex } = await inside.ip('eth0')
    expect(facts).toEqual({
      macAddress: address,
      hostInterfaceName: hostLink(plan),
      interfaceIndex: ifindex
    })
    expect(await driver.ensureEndpoint(m.host, inside, plan)).toEqual(facts)
  })

  it('has permanent neighbours on both sides', async () => {
    await using m = await machine()
    const record = await network(m)
    const { inside, plan, address, address6 } = await connected(m, record)
    const permanent = async ({ stack }: Node) => {
      const list = await stack.neighbors.list({ state: 'permanent' })
      return list.map(({ destination, macAddress }) => [destination, macAddress]).sort()
    }
    const { macAddress } = await inside.stack.links.get('eth0')
    expect(await permanent(m.host)).toEqual([
      [address, macAddress],
      [address6, macAddress]
    ])
    const bridge = await m.host.stack.links.get(bridgeOf(record))
    expect(await permanent(inside)).toEqual([
      ['10.88.0.1', bridge.macAddress],
      ['fd00:88::1', bridge.macAddress]
    ])
    await driver.releaseEndpoint(m.host, inside, plan)
    expect(await permanent(m.host)).toEqual([])
  })

  it('announces itself to who knew its addresses as those of another', async () => {
    await using m = await machine()
    const record = await network(m)
    const { inside: witness } = await connected(m, record)
    const { index } = await witness.stack.links.get('eth0')
    const plan = endpointOf(record)
    const { address, address6 } = plan.endpoint
    const destinations = [address!, address6!]
    for (const destination of destinations)
      await witness.stack.neighbors.add({
        ...{ link: index, destination, macAddress: '02:00:00:00:00:99', state: 'stale' }
      })
    const { macAddress } = await driver.ensureEndpoint(m.host, await m.sandbox(), plan)
    await expect
      .poll(async () => {
        const known = await witness.stack.neighbors.list({ link: index })
        return destinations.map((wanted) => known.find((n) => n.destination === wanted)?.macAddress)
      })
      .toEqual([macAddress, macAddress])
  })

  it('refuses ports that lead nowhere, before anything is made', async () => {
    await using m = await machine()
    const ports = [{ protocol: 'tcp', hostAddress: '::1', hostPort: 8080, containerPort: 80 }] as const
    const connect = async (options: Parameters<typeof planned>[2]) =>
      driver.ensureEndpoint(m.host, await m.sandbox(), endpointOf(await network(m, options), { ports }))
    const where = { field: 'ports[0].hostAddress', code: 'ERR_INVALID_ARG_VALUE' }
    await expect(connect({ pools: [pools.inet] })).rejects.toMatchObject(where)
    await expect(connect({ internal: true })).rejects.toMatchObject(where)
    expect((await linkNames(m.host)).filter((name) => name.startsWith('veth'))).toEqual([])
  })

  it('has default routes by the gateways, and none if the network is internal', async () => {
    await using m = await machine()
    const record = await planned(driver, m.host)
    expect(driver.defaultRoutes(endpointOf(record))).toEqual([
      { family: 'inet', gateway: '10.88.0.1' },
      { family: 'inet6', gateway: 'fd00:88::1' }
    ])
    expect(driver.defaultRoutes(endpointOf({ ...record, internal: true }))).toEqual([])
  })

  it('of an internal network reaches the gateway', async () => {
    await using m = await machine()
    const { inside } = await connected(m, await network(m, { internal: true }))
    expect(await inside.ping('10.88.0.1')).toBe(true)
    expect(await inside.ping('fd00:88::1')).toBe(true)
  })

  it('on an existing bridge looks for the gateway, whose MAC address may change', async () => {
    await using m = await machine()
    await m.host.stack.links.add({ kind: 'bridge', name: 'br0' })
    const record = await network(m, { bridge: { name: 'br0', existing: true } })
    const { inside, address } = await connected(m, record)
    expect(await m.host.ping(address)).toBe(true)
    expect(await inside.stack.neighbors.list({ state: 'permanent' })).toEqual([])
    // A port with a lower MAC address.
    await m.host.stack.links.add({ kind: 'veth', name: 'p', macAddress: '02:00:00:00:00:01', master: 'br0' })
    expect((await m.host.stack.links.get('br0')).macAddress).toBe('02:00:00:00:00:01')
    await inside.stack.neighbors.flush({ link: 'eth0' })
    expect(await inside.ping('10.88.0.1')).toBe(true)
  })

  it('does not wait for a spanning tree', async () => {
    await using m = await machine()
    await m.host.stack.links.add({ kind: 'bridge', name: 'br0', bridge: { stpState: 1 }, up: true })
    const { plan } = await connected(m, await network(m, { bridge: { name: 'br0', existing: true } }))
    const { bridgePort } = await m.host.stack.links.get(hostLink(plan))
    expect(['listening', 'learning']).toContain(bridgePort?.state)
  })

  it('is in two networks at once', async () => {
    await using m = await machine()
    const first = await network(m)
    const other = { family: 'inet', subnet: '10.99.0.0/24', gateway: '10.99.0.1' } as const
    const second = await network(m, { pools: [other] })
    const { inside, address } = await connected(m, first)
    const more = { interfaceName: 'eth1', address: '10.99.0.2', address6: undefined }
    await driver.ensureEndpoint(m.host, inside, endpointOf(second, more))
    expect(await m.host.ping(address)).toBe(true)
    expect(await m.host.ping('10.99.0.2')).toBe(true)
    expect(addressesOf(await inside.ip('eth1'))).toEqual(['10.99.0.2/24'])
  })
})

describe('a connection that was begun', () => {
  needsProgram('ip', 'ping')

  const states: readonly [string, (m: Machine, inside: Node, plan: EndpointPlan) => Promise<void>][] = [
    ['with nothing but its ends', async () => undefined],
    [
      'without a master',
      async (m, inside, plan) => {
        await inside.stack.links.set('eth0', { up: true })
        await m.host.stack.links.set(hostLink(plan), { up: true })
      }
    ],
    [
      'with a port that is down',
      async (m, inside, { network: record, ...plan }) => {
        const endpoint = { network: record, ...plan }
        await m.host.stack.links.set(hostLink(endpoint), { master: bridgeOf(record) })
        await inside.stack.links.set('eth0', { up: true })
      }
    ],
    [
      'with one of its addresses',
      async (_, inside, { endpoint }) => {
        await inside.stack.addresses.add('eth0', `${endpoint.address}/16`)
      }
    ],
    [
      'under another name inside',
      async (_, inside) => {
        await inside.stack.links.set('eth0', { name: 'left', mtu: 1300 })
        await inside.stack.links.set('left', { up: true })
      }
    ]
  ]

  it.each(states)('%s is completed', async (_, prepare) => {
    await using m = await machine()
    const record = await network(m)
    const inside = await m.sandbox()
    const plan = endpointOf(record)
    const peer = { name: 'eth0', namespace: inside.namespace }
    await m.host.stack.links.add({ kind: 'veth', name: hostLink(plan), peer })
    await prepare(m, inside, plan)
    const { macAddress } = await driver.ensureEndpoint(m.host, inside, plan)
    await expectComplete(m, inside, plan)
    expect(await inside.ip('eth0')).toMatchObject({ mtu: 1500, address: macAddress })
    await driver.ensureEndpoint(m.host, inside, plan)
    await expectComplete(m, inside, plan)
  })

  it('twice at once is made once', async () => {
    await using m = await machine()
    const record = await network(m)
    const inside = await m.sandbox()
    const plan = endpointOf(record)
    const connect = () => driver.ensureEndpoint(m.host, inside, plan)
    await Promise.all([connect(), connect(), connect()])
    await expectComplete(m, inside, plan)
    expect(await linkNames(inside)).toEqual(['eth0', 'lo'])
  })

  it('many at once are all made', async () => {
    await using m = await machine()
    const record = await network(m)
    const all = await Promise.all(Array.from({ length: 20 }, () => connected(m, record)))
    const reached = await Promise.all(all.map(({ address6 }) => m.host.ping(address6)))
    expect(reached.every((answer) => answer)).toBe(true)
  })

  it('with a namespace that is gone is made anew', async () => {
    await using m = await machine()
    const record = await network(m)
    const gone = await m.sandbox()
    const plan = endpointOf(record)
    await driver.ensureEndpoint(m.host, gone, plan)
    const inside = await m.sandbox()
    await driver.ensureEndpoint(m.host, inside, plan)
    await expectComplete(m, inside, plan)
    expect(await linkNames(gone)).toEqual(['lo'])
  })
})

describe('a connection that fails', () => {
  needsProgram('ip')

  it('leaves nothing when the name inside is taken', async () => {
    await using m = await machine()
    const record = await network(m)
    const inside = await m.sandbox()
    await inside.stack.links.add({ kind: 'veth', name: 'eth0', peer: { name: 'other' } })
    const connect = driver.ensureEndpoint(m.host, inside, endpointOf(record))
    await expect(connect).rejects.toMatchObject({ code: 'ERR_LINK_EXISTS' })
    expect(await linkNames(m.host)).toEqual(['lo', bridgeOf(record)].sort())
    expect(await linkNames(inside)).toEqual(['eth0', 'lo', 'other'])
    expect(await m.host.stack.neighbors.list({ state: 'permanent' })).toEqual([])
  })

  it('leaves a link of its name on the host that is of another kind', async () => {
    await using m = await machine()
    const plan = endpointOf(await network(m))
    await m.host.stack.links.add({ kind: 'bridge', name: hostLink(plan) })
    const connect = driver.ensureEndpoint(m.host, await m.sandbox(), plan)
    await expect(connect).rejects.toMatchObject({ code: 'ERR_LINK_EXISTS' })
    expect((await m.host.stack.links.get(hostLink(plan))).kind).toBe('bridge')
  })

  it('leaves nothing when its ports can not be published', async () => {
    await using m = await machine()
    const record = await network(m)
    const inside = await m.sandbox()
    m.firewall.failure = new Error('no rules')
    const ports = [{ protocol: 'tcp', hostAddress: '0.0.0.0', hostPort: 1, containerPort: 1 }] as const
    const plan = endpointOf(record, { ports })
    await expect(driver.ensureEndpoint(m.host, inside, plan)).rejects.toThrow('no rules')
    expect(await linkNames(m.host)).toEqual(['lo', bridgeOf(record)].sort())
    expect(await linkNames(inside)).toEqual(['lo'])
    expect(await m.host.stack.neighbors.list({ state: 'permanent' })).toEqual([])
  })

  it('leaves nothing when a parameter is unknown', async () => {
    await using m = await machine()
    const record = await network(m)
    const inside = await m.sandbox()
    const plan = endpointOf(record, { sysctls: { 'net.ipv4.conf.IFNAME.nonsense': '1' } })
    await expect(driver.ensureEndpoint(m.host, inside, plan)).rejects.toMatchObject({ code: 'ENOENT' })
    expect(await linkNames(inside)).toEqual(['lo'])
    expect(await linkNames(m.host)).toEqual(['lo', bridgeOf(record)].sort())
  })

  it('says so when the bridge is gone', async () => {
    await using m = await machine()
    const record = await network(m)
    await m.host.stack.links.delete(bridgeOf(record))
    const connect = driver.ensureEndpoint(m.host, await m.sandbox(), endpointOf(record))
    await expect(connect).rejects.toMatchObject({ code: 'ERR_LINK_NOT_FOUND' })
  })

  it('says so when the bridge is full, and makes nothing', { timeout: 120_000 }, async () => {
    await using m = await machine()
    const { stack } = m.host
    const record = await network(m)
    const master = (await stack.links.get(bridgeOf(record))).index
    const pairs = Array.from({ length: 512 }, (_, i) => ({
      ...{ kind: 'veth' as const, name: `p${i}`, master },
      peer: { name: `q${i}` }
    }))
    expect((await stack.links.addMany(pairs)).failures).toEqual([])
    for (let i = 0; i < 510; i++) await stack.links.set(`q${i}`, { master })
    expect(await stack.links.list({ master })).toHaveLength(1022)
    const last = await m.sandbox()
    await driver.ensureEndpoint(m.host, last, endpointOf(record))
    const inside = await m.sandbox()
    const plan = endpointOf(record)
    const before = await linkNames(m.host)
    await expect(driver.ensureEndpoint(m.host, inside, plan)).rejects.toMatchObject({
      code: 'ERR_BRIDGE_FULL'
    })
    expect(await linkNames(inside)).toEqual(['lo'])
    expect(await linkNames(m.host)).toEqual(before)
    const { address } = plan.endpoint
    expect(await stack.neighbors.list({ destination: address! })).toEqual([])
  })
})

describe('a disconnection', () => {
  needsProgram('ip', 'ping')

  it('frees the name and the addresses at once, and the link later', async () => {
    await using m = await machine()
    const record = await network(m)
    const { inside, plan } = await connected(m, record)
    await driver.releaseEndpoint(m.host, inside, plan)
    const aside = `gone${plan.endpoint.id.slice(0, 11)}`
    expect(await linkNames(inside)).toEqual([aside, 'lo'])
    const link = await inside.ip(aside)
    expect(link.addr_info).toEqual([])
    expect(link.flags).not.toContain('UP')
    // The same name and addresses again, while the old link is still there.
    const { address, address6 } = plan.endpoint
    const again = endpointOf(record, { address, address6 })
    await driver.ensureEndpoint(m.host, inside, again)
    await expectComplete(m, inside, again)
    await driver.releaseEndpoint(m.host, inside, plan)
    await expectComplete(m, inside, again)
    await driver.removeLinks(m.host, [plan.endpoint])
    await driver.removeLinks(m.host, [plan.endpoint])
    await expectComplete(m, inside, again)
    expect(await linkNames(inside)).toEqual(['eth0', 'lo'])
  })

  it('can be repeated, also when the sandbox is gone', async () => {
    await using m = await machine()
    const record = await network(m)
    const { inside, plan } = await connected(m, record)
    await driver.releaseEndpoint(m.host, undefined, plan)
    await driver.releaseEndpoint(m.host, inside, plan)
    await driver.releaseEndpoint(m.host, inside, plan)
    await driver.removeLinks(m.host, [plan.endpoint])
    await driver.releaseEndpoint(m.host, inside, plan)
    await driver.releaseEndpoint(m.host, undefined, plan)
    expect(await linkNames(inside)).toEqual(['lo'])
    expect(await linkNames(m.host)).toEqual(['lo', bridgeOf(record)].sort())
  })

  it('works after the network is gone', async () => {
    await using m = await machine()
    const record = await network(m)
    const { inside, plan } = await connected(m, record)
    await driver.removeNetwork(m.host, record, [])
    await driver.releaseEndpoint(m.host, inside, plan)
    await driver.removeLinks(m.host, [plan.endpoint])
    expect(await linkNames(m.host)).toEqual(['lo'])
  })

  it('deletes many links together', async () => {
    await using m = await machine()
    const record = await network(m)
    const all = await Promise.all(Array.from({ length: 12 }, () => connected(m, record)))
    await Promise.all(all.map(({ inside, plan }) => driver.releaseEndpoint(m.host, inside, plan)))
    const endpoints = all.map(({ plan }) => plan.endpoint)
    await driver.removeLinks(m.host, [...endpoints, endpointOf(record).endpoint])
    expect(await linkNames(m.host)).toEqual(['lo', bridgeOf(record)].sort())
  })
})
