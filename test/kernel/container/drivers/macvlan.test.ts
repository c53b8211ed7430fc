import { describe, expect, it } from 'vitest'
import type { NetworkRecord } from '../../../../src/container/model/network.js'
import { ipvlanDriver } from '../../../../src/container/drivers/ipvlan/driver.js'
import { macvlanDriver } from '../../../../src/container/drivers/macvlan/driver.js'
import { needsKind, needsProgram } from '../../../setup/requirements.js'
import { addressesOf, endpointOf, machine, planned } from './machine.js'
import type { Machine, Node } from './machine.js'

/** A link `lan0` of the host into a network of others, with a router that has the gateways' addresses. */
async function lan(m: Machine, mtu = 1500): Promise<Node> {
  const router = await m.sandbox()
  await router.namespace.sysctl.set('net.ipv6.conf.default.accept_dad', 0)
  const peer = { name: 'eth0', namespace: router.namespace, up: true, mtu }
  await m.host.stack.links.add({ kind: 'veth', name: 'lan0', up: true, mtu, peer })
  await router.stack.addresses.add('eth0', '10.88.0.1/16')
  await router.stack.addresses.add('eth0', { address: 'fd00:88::1/64', flags: ['nodad'] })
  return router
}

const linkNames = async ({ stack }: Node): Promise<string[]> =>
  (await stack.links.list()).map(({ name }) => name).sort()

/** A stack that changes and deletes no link: what a process does that is killed once it has made one. */
function brokenOff(stack: Node['stack']): Node['stack'] {
  const killed = (): Promise<never> => Promise.reject(new Error('killed'))
  const links = Object.assign(Object.create(stack.links) as typeof stack.links, {
    set: killed,
    delete: killed
  })
  const get = stack.links.get.bind(stack.links)
  const add = stack.links.add.bind(stack.links)
  return { links: Object.assign(links, { get, add }) } as unknown as Node['stack']
}

describe.each([
  ['macvlan', macvlanDriver],
  ['ipvlan', ipvlanDriver]
] as const)('a %s network', (kind, driver) => {
  needsProgram('ip', 'ping')
  needsKind(kind)
  const on = (parent: string, more: object = {}) => ({ [kind]: { parent, ...more } })
  const plan = (m: Machine, options = {}, others: readonly NetworkRecord[] = []) =>
    planned(driver, m.host, options, others)

  async function connected(m: Machine, network: NetworkRecord) {
    const inside = await m.sandbox()
    const endpoint = endpointOf(network)
    const facts = await driver.ensureEndpoint(m.host, inside, endpoint)
    const { address, address6 } = endpoint.endpoint
    return { inside, plan: endpoint, facts, address: address!, address6: address6! }
  }

  it('reaches the router and its own, at once', async () => {
    await using m = await machine()
    const router = await lan(m)
    const network = await plan(m, on('lan0'))
    await driver.ensureNetwork(m.host, network)
    const one = await connected(m, network)
    expect(await router.ping(one.address6)).toBe(true)
    expect(await one.inside.ping('fd00:88::1')).toBe(true)
    expect(await one.inside.ping('10.88.0.1')).toBe(true)
    const two = await connected(m, network)
    expect(await one.inside.ping(two.address)).toBe(true)
    expect(await one.inside.ping(two.address6)).toBe(true)
    const link = await one.inside.ip('eth0')
    expect(link).toMatchObject({ linkinfo: { info_kind: kind }, address: one.facts.macAddress, mtu: 1500 })
    expect(addressesOf(link)).toEqual([`${one.address}/16`, `${one.address6}/64`])
    expect(link.addr_info.filter(({ tentative }) => tentative !== undefined)).toEqual([])
    expect(driver.defaultRoutes(one.plan)).toEqual([
      { family: 'inet', gateway: '10.88.0.1' },
      { family: 'inet6', gateway: 'fd00:88::1' }
    ])
    expect(driver.defaultRoutes({ ...one.plan, network: { ...network, internal: true } })).toEqual([])
  })

  it('announces its endpoints', async () => {
    await using m = await machine()
    const router = await lan(m)
    const network = await plan(m, on('lan0'))
    const endpoint = endpointOf(network)
    const destinations = [endpoint.endpoint.address!, endpoint.endpoint.address6!]
    const { index } = await router.stack.links.get('eth0')
    for (const destination of destinations)
      await router.stack.neighbors.add({
        ...{ link: index, destination, macAddress: '02:00:00:00:00:99', state: 'stale' }
      })
    const { macAddress } = await driver.ensureEndpoint(m.host, await m.sandbox(), endpoint)
    await expect
      .poll(async () => {
        const known = await router.stack.neighbors.list({ link: index })
        return destinations.map((wanted) => known.find((n) => n.destination === wanted)?.macAddress)
      })
      .toEqual([macAddress, macAddress])
  })

  it('is connected again from any state, twice at once, and disconnected again', async () => {
    await using m = await machine()
    const router = await lan(m)
    const network = await plan(m, on('lan0'))
    const { inside, plan: endpoint, address6 } = await connected(m, network)
    await inside.stack.links.set('eth0', { up: false })
    await inside.stack.addresses.flush({ link: 'eth0' })
    const connect = () => driver.ensureEndpoint(m.host, inside, endpoint)
    await Promise.all([connect(), connect()])
    expect(await router.ping(address6)).toBe(true)
    await driver.releaseEndpoint(m.host, inside, endpoint)
    expect(await linkNames(inside)).toEqual(['lo'])
    await driver.releaseEndpoint(m.host, inside, endpoint)
    await driver.releaseEndpoint(m.host, undefined, endpoint)
    await driver.removeLinks(m.host, [endpoint.endpoint])
    await driver.removeNetwork(m.host, network, [])
    expect(await linkNames(m.host)).toEqual(['lan0', 'lo'])
  })

  it('takes away a link that a process inside has renamed, and no other', async () => {
    await using m = await machine()
    await lan(m)
    const network = await plan(m, on('lan0'))
    const one = await connected(m, network)
    const { stack } = one.inside
    // Before Linux 6.2 a link must be down to be renamed.
    await stack.links.set('eth0', { up: false })
    await stack.links.set('eth0', { name: 'mine' })
    const second = endpointOf(network)
    await driver.ensureEndpoint(m.host, one.inside, second)
    await driver.releaseEndpoint(m.host, one.inside, second)
    expect(await linkNames(one.inside)).toEqual(['lo', 'mine'])
    await driver.releaseEndpoint(m.host, one.inside, second)
    expect(await linkNames(one.inside)).toEqual(['lo', 'mine'])
    await driver.releaseEndpoint(m.host, one.inside, one.plan)
    expect(await linkNames(one.inside)).toEqual(['lo'])
  })

  it('refuses a name inside that is taken', async () => {
    await using m = await machine()
    await lan(m)
    const network = await plan(m, on('lan0'))
    const inside = await m.sandbox()
    await inside.stack.links.add({ kind: 'veth', name: 'eth0', peer: { name: 'other' } })
    const endpoint = endpointOf(network)
    await expect(driver.ensureEndpoint(m.host, inside, endpoint)).rejects.toMatchObject({
      code: 'ERR_LINK_EXISTS'
    })
    await driver.releaseEndpoint(m.host, inside, endpoint)
    expect(await linkNames(inside)).toEqual(['eth0', 'lo', 'other'])
  })

  it('leaves nothing when a connection fails', async () => {
    await using m = await machine()
    await lan(m)
    const network = await plan(m, on('lan0'))
    const inside = await m.sandbox()
    const endpoint = endpointOf(network, { sysctls: { 'net.ipv4.conf.IFNAME.nonsense': '1' } })
    await expect(driver.ensureEndpoint(m.host, inside, endpoint)).rejects.toMatchObject({ code: 'ENOENT' })
    expect(await linkNames(inside)).toEqual(['lo'])
  })

  it('has the MTU of its parent, or a smaller one', async () => {
    await using m = await machine()
    await lan(m, 1400)
    const usual = await connected(m, await plan(m, on('lan0')))
    expect(await usual.inside.ip('eth0')).toMatchObject({ mtu: 1400 })
    const small = await connected(m, await plan(m, on('lan0', { mtu: 1300 })))
    expect(await small.inside.ip('eth0')).toMatchObject({ mtu: 1300 })
    await expect(plan(m, on('lan0', { mtu: 1500 }))).rejects.toMatchObject({
      field: `${kind}.mtu`,
      code: 'ERR_OUT_OF_RANGE'
    })
  })

  it('refuses a parent that is not there, or can not be one', async () => {
    await using m = await machine()
    await expect(plan(m, on('nope'))).rejects.toMatchObject({ code: 'ERR_LINK_NOT_FOUND' })
    await expect(plan(m, on('nope.5'))).rejects.toMatchObject({ code: 'ERR_LINK_NOT_FOUND' })
    await expect(plan(m, on('lo'))).rejects.toMatchObject({ field: `${kind}.parent` })
    const router = await lan(m)
    const network = await plan(m, on('lan0'))
    await m.host.stack.links.add({ kind: 'bridge', name: 'br0' })
    await m.host.stack.links.set('lan0', { master: 'br0' })
    await expect(connected(m, network)).rejects.toMatchObject({ code: 'ERR_LINK_IN_USE' })
    await m.host.stack.links.delete('lan0')
    await expect(driver.ensureNetwork(m.host, network)).rejects.toMatchObject({ code: 'ERR_LINK_NOT_FOUND' })
    expect(await linkNames(router)).toEqual(['lo'])
  })

  describe('on a VLAN', () => {
    needsKind('vlan')

    it('makes the VLAN, and deletes it with the last network', async () => {
      await using m = await machine()
      const router = await lan(m)
      await router.stack.links.add({ kind: 'vlan', name: 'v', link: 'eth0', vlan: { id: 50 }, up: true })
      await router.stack.addresses.flush({ link: 'eth0', family: 'inet' })
      await router.stack.addresses.add('v', '10.88.0.1/16')
      const first = await plan(m, on('lan0.50'))
      expect(first.driverOptions).toMatchObject({ parent: 'lan0.50', vlan: { link: 'lan0', id: 50 } })
      await Promise.all([driver.ensureNetwork(m.host, first), driver.ensureNetwork(m.host, first)])
      const second = await plan(m, on('lan0.50'), [first])
      await driver.ensureNetwork(m.host, second)
      const { address, inside, plan: endpoint } = await connected(m, second)
      expect(await router.ping(address)).toBe(true)
      await driver.releaseEndpoint(m.host, inside, endpoint)
      await driver.removeNetwork(m.host, first, [second])
      expect(await linkNames(m.host)).toEqual(['lan0', 'lan0.50', 'lo'])
      await driver.removeNetwork(m.host, second, [])
      await driver.removeNetwork(m.host, second, [])
      expect(await linkNames(m.host)).toEqual(['lan0', 'lo'])
    })

    it('does not take a VLAN that somebody else has made since for its own', async () => {
      await using m = await machine()
      await lan(m)
      const { stack } = m.host
      const network = await plan(m, on('lan0.50'))
      const foreign = { kind: 'vlan', name: 'lan0.50', link: 'lan0', vlan: { id: 50 } } as const
      await stack.links.add({ ...foreign, alias: 'mine' })
      const refusal = { code: 'ERR_LINK_EXISTS' }
      await expect(driver.ensureNetwork(m.host, network)).rejects.toMatchObject(refusal)
      await expect(connected(m, network)).rejects.toMatchObject(refusal)
      await driver.removeNetwork(m.host, network, [])
      expect(await stack.links.get('lan0.50')).toMatchObject({ up: false, alias: 'mine' })
      await stack.links.set('lan0.50', { name: 'other' })
      await expect(driver.ensureNetwork(m.host, network)).rejects.toMatchObject(refusal)
      await stack.links.delete('other')
      await driver.ensureNetwork(m.host, network)
      await stack.links.delete('lan0.50')
      await stack.links.add(foreign)
      await expect(connected(m, network)).rejects.toMatchObject(refusal)
      await driver.removeNetwork(m.host, network, [])
      expect(await linkNames(m.host)).toEqual(['lan0', 'lan0.50', 'lo'])
    })

    it('completes a VLAN that was half made, or takes it away', async () => {
      await using m = await machine()
      await lan(m)
      const { stack } = m.host
      const network = await plan(m, on('lan0.50'))
      // Between the two requests that make it.
      const interrupted = { ...m.host, stack: brokenOff(stack) }
      const half = async (): Promise<string[]> => {
        await expect(driver.ensureNetwork(interrupted, network)).rejects.toThrow('killed')
        return linkNames(m.host)
      }
      expect(await half()).toEqual(['lan0', 'lo', expect.stringMatching(/^vl-/)])
      await driver.ensureNetwork(m.host, network)
      expect(await linkNames(m.host)).toEqual(['lan0', 'lan0.50', 'lo'])
      expect(await stack.links.get('lan0.50')).toMatchObject({ up: true, alias: m.host.mark })
      await driver.removeNetwork(m.host, network, [])
      expect(await half()).toEqual(['lan0', 'lo', expect.stringMatching(/^vl-/)])
      await driver.removeNetwork(m.host, network, [])
      expect(await linkNames(m.host)).toEqual(['lan0', 'lo'])
    })

    it('leaves a VLAN that was there', async () => {
      await using m = await machine()
      await lan(m)
      await m.host.stack.links.add({ kind: 'vlan', name: 'lan0.50', link: 'lan0', vlan: { id: 50 } })
      const network = await plan(m, on('lan0.50'))
      await driver.ensureNetwork(m.host, network)
      await driver.removeNetwork(m.host, network, [])
      expect(await linkNames(m.host)).toEqual(['lan0', 'lan0.50', 'lo'])
    })
  })

  describe('without a parent', () => {
    needsKind('dummy')

    it('does not take a dummy link of its name for its own', async () => {
      await using m = await machine()
      const network = await plan(m, { internal: true })
      const name = `dm-${network.id.slice(0, 12)}`
      await m.host.stack.links.add({ kind: 'dummy', name })
      await expect(driver.ensureNetwork(m.host, network)).rejects.toMatchObject({ code: 'ERR_LINK_EXISTS' })
      await driver.removeNetwork(m.host, network, [])
      expect(await linkNames(m.host)).toEqual([name, 'lo'].sort())
    })

    it('is on a dummy link of its own', async () => {
      await using m = await machine()
      const network = await plan(m, { internal: true })
      const parent = `dm-${network.id.slice(0, 12)}`
      await Promise.all([driver.ensureNetwork(m.host, network), driver.ensureNetwork(m.host, network)])
      expect(await linkNames(m.host)).toEqual([parent, 'lo'].sort())
      const [one, two] = [await connected(m, network), await connected(m, network)]
      expect(await one.inside.ping(two.address)).toBe(true)
      expect(driver.defaultRoutes({ ...one.plan, network: { ...network, internal: false } })).toEqual([])
      await driver.removeNetwork(m.host, network, [])
      expect(await linkNames(m.host)).toEqual(['lo'])
      await driver.removeNetwork(m.host, network, [])
    })
  })
})

describe('the modes of macvlan', () => {
  needsProgram('ip', 'ping')
  needsKind('macvlan')

  it.each(['bridge', 'vepa', 'private', 'passthru'] as const)('%s is that of its links', async (mode) => {
    await using m = await machine()
    const router = await lan(m)
    const options = { macvlan_mode: mode, parent: 'lan0' }
    const network = await planned(macvlanDriver, m.host, { options })
    const inside = await m.sandbox()
    const plan = endpointOf(network)
    const { macAddress } = await macvlanDriver.ensureEndpoint(m.host, inside, plan)
    expect(await inside.ip('eth0')).toMatchObject({ linkinfo: { info_data: { mode } }, address: macAddress })
    expect(await router.ping(plan.endpoint.address6!)).toBe(true)
    const second = macvlanDriver.ensureEndpoint(m.host, await m.sandbox(), endpointOf(network))
    if (mode === 'passthru') {
      const parent = await m.host.stack.links.get('lan0')
      expect(parent.macAddress).toBe(macAddress)
      await expect(second).rejects.toMatchObject({ code: 'ERR_LINK_IN_USE' })
    } else await second
  })

  it('can share a parent, but not with passthru', async () => {
    await using m = await machine()
    await lan(m)
    const plan = (mode: 'vepa' | 'bridge' | 'passthru', others: readonly NetworkRecord[]) =>
      planned(macvlanDriver, m.host, { macvlan: { parent: 'lan0', mode } }, others)
    const bridge = await plan('bridge', [])
    await plan('vepa', [bridge])
    await expect(plan('passthru', [bridge])).rejects.toMatchObject({ code: 'ERR_LINK_IN_USE' })
    const alone = await plan('passthru', [])
    await expect(plan('bridge', [alone])).rejects.toMatchObject({ code: 'ERR_LINK_IN_USE' })
  })
})

describe('the modes of ipvlan', () => {
  needsProgram('ip', 'ping')
  needsKind('ipvlan')

  it.each(['l3', 'l3s'] as const)('%s has a default route out of the link', async (mode) => {
    await using m = await machine()
    const router = await lan(m)
    const network = await planned(ipvlanDriver, m.host, { ipvlan: { parent: 'lan0', mode } })
    const [one, two] = [await m.sandbox(), await m.sandbox()]
    const [first, second] = [endpointOf(network), endpointOf(network)]
    await ipvlanDriver.ensureEndpoint(m.host, one, first)
    await ipvlanDriver.ensureEndpoint(m.host, two, second)
    expect(await one.ip('eth0')).toMatchObject({ linkinfo: { info_data: { mode } } })
    expect(await one.ping(second.endpoint.address!)).toBe(true)
    expect(ipvlanDriver.defaultRoutes(first)).toEqual([{ family: 'inet' }, { family: 'inet6' }])
    expect(await linkNames(router)).toEqual(['eth0', 'lo'])
  })

  it('can share a parent if they are the same', async () => {
    await using m = await machine()
    await lan(m)
    const plan = (ipvlan: object, others: readonly NetworkRecord[]) =>
      planned(ipvlanDriver, m.host, { ipvlan: { parent: 'lan0', ...ipvlan } }, others)
    const l2 = await plan({}, [])
    await plan({ mode: 'l2', flag: 'bridge' }, [l2])
    await expect(plan({ mode: 'l3' }, [l2])).rejects.toMatchObject({ code: 'ERR_LINK_IN_USE' })
    await expect(plan({ flag: 'private' }, [l2])).rejects.toMatchObject({ code: 'ERR_LINK_IN_USE' })
  })
})
