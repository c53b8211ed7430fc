import { describe, expect, it } from 'vitest'
import { bridgeDriver as driver } from '../../../../src/container/drivers/bridge/driver.js'
import { macAddressOf } from '../../../../src/container/drivers/mac-address.js'
import { needsProgram } from '../../../setup/requirements.js'
import { addressesOf, machine, planned, pools } from './machine.js'
import type { Machine } from './machine.js'

const forwarding = async ({ host: { namespace } }: Machine) =>
  Object.values(await namespace.sysctl.getMany(['net.ipv4.ip_forward', 'net.ipv6.conf.all.forwarding']))

describe('a bridge network', () => {
  needsProgram('ip')

  it('is completed by the host', async () => {
    await using m = await machine()
    const { stack } = m.host
    await stack.links.add({ kind: 'veth', name: 'up0', mtu: 1400, up: true, peer: { name: 'up1', up: true } })
    await stack.addresses.add('up0', '192.0.2.2/24')
    await stack.routes.add({ destination: 'default', gateway: '192.0.2.1' })
    const network = await planned(driver, m.host)
    expect(network.driverOptions).toEqual({
      name: `nl-${network.id.slice(0, 12)}`,
      existing: false,
      interContainer: true,
      masquerade: true,
      mtu: 1400,
      interfacePrefix: 'eth',
      ownAddresses: []
    })
    await stack.routes.delete('default')
    expect((await planned(driver, m.host)).driverOptions['mtu']).toBe(1500)
  })

  it('takes the options that Docker has', async () => {
    await using m = await machine()
    const options = {
      'com.docker.network.bridge.name': 'br-mine',
      'com.docker.network.bridge.enable_icc': 'false',
      'com.docker.network.bridge.enable_ip_masquerade': '0',
      'com.docker.network.driver.mtu': '1450',
      'com.docker.network.container_iface_prefix': 'net'
    }
    expect((await planned(driver, m.host, { options })).driverOptions).toMatchObject({
      name: 'br-mine',
      interContainer: false,
      masquerade: false,
      mtu: 1450,
      interfacePrefix: 'net'
    })
  })

  it('refuses what the host can not give', async () => {
    await using m = await machine()
    const { stack } = m.host
    await stack.links.add({ kind: 'veth', name: 'v' })
    const plan = (bridge: object) => planned(driver, m.host, { bridge })
    await expect(plan({ name: 'none', existing: true })).rejects.toMatchObject({ code: 'ERR_LINK_NOT_FOUND' })
    await expect(plan({ name: 'v', existing: true })).rejects.toMatchObject({ code: 'ERR_LINK_NOT_FOUND' })
    await expect(plan({ name: 'v' })).rejects.toMatchObject({ code: 'ERR_LINK_EXISTS' })
    await expect(plan({ existing: true })).rejects.toMatchObject({ field: 'bridge.name' })
    await expect(plan({ mtu: 1000 })).rejects.toMatchObject({ field: 'bridge.mtu', code: 'ERR_OUT_OF_RANGE' })
    const first = await planned(driver, m.host, { bridge: { name: 'br0' } })
    await expect(planned(driver, m.host, { bridge: { name: 'br0' } }, [first])).rejects.toMatchObject({
      code: 'ERR_LINK_IN_USE'
    })
    expect((await stack.links.list()).map(({ name }) => name).sort()).toEqual(['lo', 'v', 'veth0'])
  })

  it('has a bridge with the addresses of the gateways, and rules', async () => {
    await using m = await machine()
    const network = await planned(driver, m.host, { bridge: { mtu: 9000 } })
    const name = network.driverOptions['name'] as string
    await driver.ensureNetwork(m.host, network)
    const link = await m.host.ip(name)
    expect(addressesOf(link)).toEqual(['10.88.0.1/16', 'fd00:88::1/64'])
    expect(link.flags).toContain('UP')
    expect(link).toMatchObject({ mtu: 9000, linkinfo: { info_kind: 'bridge' } })
    expect(link.addr_info.every(({ tentative }) => tentative === undefined)).toBe(true)
    const rules = () => m.host.stack.nftables.tables.list()
    expect(await rules()).toHaveLength(1)
    expect(await forwarding(m)).toEqual([1, 1])
    await driver.removeNetwork(m.host, network, [])
    expect(await m.host.stack.links.list()).toHaveLength(1)
    expect(await rules()).toEqual([])
    await driver.removeNetwork(m.host, network, [])
  })

  it('has packets forwarded of its families, and tells what it changed', async () => {
    await using m = await machine()
    const told: object[] = []
    const host = { ...m.host, changed: async (earlier: object) => void told.push(earlier) }
    await m.host.namespace.sysctl.set('net.ipv6.conf.all.forwarding', 0)
    await m.host.namespace.sysctl.set('net.ipv4.ip_forward', 0)
    await driver.ensureNetwork(host, await planned(driver, host, { internal: true }))
    expect(await forwarding(m)).toEqual([0, 0])
    const record = await planned(driver, host, { pools: [pools.inet] })
    await driver.ensureNetwork(host, record)
    expect(await forwarding(m)).toEqual([1, 0])
    await driver.ensureNetwork(host, record)
    expect(told).toEqual([{ 'net.ipv4.ip_forward': 0 }])
  })

  it('puts back what it changed when that can not be remembered', async () => {
    await using m = await machine()
    await m.host.namespace.sysctl.set('net.ipv4.ip_forward', 0)
    const host = { ...m.host, changed: () => Promise.reject(new Error('disk full')) }
    const record = await planned(driver, host, { pools: [pools.inet] })
    await expect(driver.ensureNetwork(host, record)).rejects.toThrow('disk full')
    expect((await forwarding(m))[0]).toBe(0)
    expect(await m.host.stack.links.list()).toHaveLength(1)
    expect(await m.host.stack.nftables.tables.list()).toEqual([])
  })

  it('has no IPv6 on its bridge unless it has IPv6', async () => {
    await using m = await machine()
    const network = await planned(driver, m.host, { pools: [pools.inet] })
    await driver.ensureNetwork(m.host, network)
    const name = network.driverOptions['name'] as string
    expect(await m.host.namespace.sysctl.get(`net.ipv6.conf.${name}.disable_ipv6`)).toBe(1)
    expect((await m.host.ip(name)).addr_info).toHaveLength(1)
  })

  it.each([
    ['a bridge that is down', []],
    ['a bridge without an address', ['up']],
    ['a bridge that is complete', ['up', 'addresses']]
  ])('is completed from %s, twice at once', async (_, steps) => {
    await using m = await machine()
    const { stack } = m.host
    const network = await planned(driver, m.host)
    const name = network.driverOptions['name'] as string
    const macAddress = macAddressOf(network.id)
    await stack.links.add({ kind: 'bridge', name, macAddress, up: steps.includes('up') })
    if (steps.includes('addresses'))
      for (const address of ['10.88.0.1/16', 'fd00:88::1/64']) await stack.addresses.add(name, address)
    await Promise.all([driver.ensureNetwork(m.host, network), driver.ensureNetwork(m.host, network)])
    const link = await m.host.ip(name)
    expect(addressesOf(link)).toEqual(['10.88.0.1/16', 'fd00:88::1/64'])
    expect(link.flags).toContain('UP')
  })

  it('is made once when that is asked for twice at once', async () => {
    await using m = await machine()
    const network = await planned(driver, m.host)
    await Promise.all([driver.ensureNetwork(m.host, network), driver.ensureNetwork(m.host, network)])
    expect(addressesOf(await m.host.ip(network.driverOptions['name'] as string))).toHaveLength(2)
  })

  it('leaves nothing when its rules can not be made', async () => {
    await using m = await machine()
    const network = await planned(driver, m.host)
    m.firewall.failure = new Error('no rules')
    await expect(driver.ensureNetwork(m.host, network)).rejects.toThrow('no rules')
    expect(await m.host.stack.links.list()).toHaveLength(1)
  })

  it.each(['veth', 'bridge'] as const)(
    'refuses a %s of its name that somebody else has made since, and leaves it',
    async (kind) => {
      await using m = await machine()
      const network = await planned(driver, m.host, { bridge: { name: 'taken' } })
      await m.host.stack.links.add({ kind, name: 'taken' })
      const before = await m.host.stack.links.get('taken')
      await expect(driver.ensureNetwork(m.host, network)).rejects.toMatchObject({ code: 'ERR_LINK_EXISTS' })
      await driver.removeNetwork(m.host, network, [])
      expect(await m.host.stack.links.get('taken')).toMatchObject({ kind, index: before.index, up: false })
      expect(await m.host.stack.addresses.list({ link: 'taken' })).toEqual([])
    }
  )
})

describe('a network on an existing bridge', () => {
  needsProgram('ip')

  it('leaves the bridge as it was', async () => {
    await using m = await machine()
    const { stack } = m.host
    await stack.links.add({ kind: 'bridge', name: 'br0', mtu: 1400, bridge: { ageingTime: 77 } })
    await stack.addresses.add('br0', '10.88.0.1/16')
    await stack.addresses.add('br0', '198.51.100.1/24')
    const network = await planned(driver, m.host, { bridge: { name: 'br0', existing: true } })
    expect(network.driverOptions).toMatchObject({
      mtu: 1400,
      ownAddresses: ['10.88.0.1/16', '198.51.100.1/24']
    })
    await driver.ensureNetwork(m.host, network)
    expect(addressesOf(await m.host.ip('br0'))).toEqual(['10.88.0.1/16', '198.51.100.1/24', 'fd00:88::1/64'])
    await driver.ensureNetwork(m.host, network)
    await driver.removeNetwork(m.host, network, [])
    await driver.removeNetwork(m.host, network, [])
    expect(addressesOf(await m.host.ip('br0'))).toEqual(['10.88.0.1/16', '198.51.100.1/24'])
    expect(await stack.links.get('br0')).toMatchObject({ mtu: 1400, bridge: { ageingTime: 77 } })
  })

  it('gets its addresses back when the rules can not be made', async () => {
    await using m = await machine()
    await m.host.stack.links.add({ kind: 'bridge', name: 'br0', up: true })
    await m.host.stack.addresses.add('br0', '10.88.0.1/16')
    const network = await planned(driver, m.host, { bridge: { name: 'br0', existing: true } })
    m.firewall.failure = new Error('no rules')
    await expect(driver.ensureNetwork(m.host, network)).rejects.toThrow('no rules')
    expect(addressesOf(await m.host.ip('br0'))).toEqual(['10.88.0.1/16'])
  })

  it('says so when the bridge is gone', async () => {
    await using m = await machine()
    await m.host.stack.links.add({ kind: 'bridge', name: 'br0' })
    const network = await planned(driver, m.host, { bridge: { name: 'br0', existing: true } })
    await m.host.stack.links.delete('br0')
    await expect(driver.ensureNetwork(m.host, network)).rejects.toMatchObject({ code: 'ERR_LINK_NOT_FOUND' })
    await driver.removeNetwork(m.host, network, [])
  })
})
