/** Networks and sandboxes, as far as they are seen in the kernel, and with real packets. */
import { readdir } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NetworkNamespace } from '../../../src/index.js'
import { kind, needsKind, needsProgram, skipUnless } from '../../setup/requirements.js'
import { Lab, hostAddress, machine, outsideAddress } from './lab.js'

describe('networks', () => {
  needsKind('bridge', 'veth')
  needsProgram('nft', 'ping')
  let lab: Lab

  beforeEach(async () => {
    lab = await Lab.open()
  })
  afterEach(() => lab[Symbol.asyncDispose]())

  it('gives a sandbox an interface, an address and a gateway, and the host reaches it', async () => {
    await lab.networks.networks.create({ name: 'web', pools: [{ subnet: '10.88.0.0/16' }] })
    const sandbox = await lab.networks.sandboxes.create({ name: 'one' })
    const endpoint = await sandbox.connect('web')
    expect(endpoint).toMatchObject({
      ...{ networkName: 'web', address: '10.88.0.2/16', gateway: '10.88.0.1', interfaceName: 'eth0' }
    })
    const { stack } = await lab.inside(sandbox)
    const [lo, eth0] = [await stack.links.get('lo'), await stack.links.get('eth0')]
    expect([lo.up, eth0.up, eth0.macAddress]).toEqual([true, true, endpoint.macAddress])
    const [address] = await stack.addresses.list({ link: 'eth0', family: 'inet' })
    expect(address?.address).toBe('10.88.0.2/16')
    const routes = await stack.routes.list({ destination: 'default', family: 'inet' })
    expect(routes.map(({ gateway }) => gateway)).toEqual(['10.88.0.1'])
    expect(await lab.pings(lab.host, '10.88.0.2')).toBe(true)
    expect(await lab.pings(sandbox, '10.88.0.1')).toBe(true)
    expect(await lab.pings(sandbox, hostAddress.inet)).toBe(true)
    await lab.serve(lab.outside, 'outside', 7000)
    expect(await lab.ask(sandbox, 'tcp', outsideAddress.inet, 7000)).toBe(`outside ${hostAddress.inet}`)
  })

  it('takes away what it made: first the endpoint, then the network', async () => {
    const before = await lab.rules()
    const { networks, sandboxes } = lab.networks
    const network = await networks.create({ name: 'web' })
    const bridge = `nl-${network.id.slice(0, 12)}`
    const sandbox = await sandboxes.create()
    await sandbox.connect('web', { ports: ['8080:80'] })
    await expect(networks.remove('web')).rejects.toMatchObject({ code: 'ERR_NETWORK_IN_USE' })
    await expect(sandboxes.remove(sandbox.id)).rejects.toMatchObject({ code: 'ERR_SANDBOX_IN_USE' })
    expect(await lab.rules()).toContain('8080')

    await sandbox.disconnect('web')
    expect(await lab.rules()).not.toContain('8080')
    expect(await sandbox.endpoints()).toEqual([])
    const { stack } = await lab.inside(sandbox)
    await expect(stack.links.get('eth0')).rejects.toMatchObject({ code: 'ENODEV' })
    expect(await stack.routes.list()).toEqual([])
    await lab.networks.settled()
    expect((await stack.links.list()).map(({ name }) => name)).toEqual(['lo'])
    expect(await lab.links()).toEqual([bridge])

    await networks.remove('web')
    expect(await lab.links()).toEqual([])
    expect(await lab.rules()).toBe(before)
    const name = `netloom-${sandbox.id.slice(0, 12)}`
    expect(await readdir('/run/netns')).toContain(name)
    await sandboxes.remove(sandbox.id)
    expect(await readdir('/run/netns')).not.toContain(name)
  })

  it('keeps an internal network to itself, but for the gateway', async () => {
    await lab.networks.networks.create({ name: 'back', internal: true, pools: [{ subnet: '10.88.0.0/24' }] })
    const one = await lab.sandbox('back')
    await lab.sandbox('back')
    const { stack } = await lab.inside(one)
    expect(await stack.routes.list({ destination: 'default' })).toEqual([])
    expect(await lab.pings(one, '10.88.0.1')).toBe(true)
    expect(await lab.pings(one, '10.88.0.3')).toBe(true)
    await stack.routes.add({ destination: 'default', gateway: '10.88.0.1' })
    expect(await lab.pings(one, outsideAddress.inet)).toBe(false)
  })

  it('gives the routes of the network, and no default route where none is wanted', async () => {
    await lab.networks.networks.create({
      ...{ name: 'web', defaultRoute: false, pools: [{ subnet: '10.88.0.0/24' }] },
      routes: [
        { destination: '10.89.0.0/24', gateway: '10.88.0.2', priority: 7 },
        { destination: '10.90.0.0/24', type: 'blackhole' }
      ]
    })
    const sandbox = await lab.sandbox('web')
    const { stack } = await lab.inside(sandbox)
    const routes = async () =>
      (await stack.routes.list({ family: 'inet' }))
        .filter(({ destination }) => destination !== '10.88.0.0/24')
        .map(({ destination, gateway, type, priority }) => ({ destination, gateway, type, priority }))
    expect(await routes()).toEqual([
      { destination: '10.89.0.0/24', gateway: '10.88.0.2', type: 'unicast', priority: 7 },
      { destination: '10.90.0.0/24', gateway: undefined, type: 'blackhole', priority: undefined }
    ])
    await sandbox.disconnect('web')
    expect(await routes()).toEqual([])
  })

  it('gives no route in the place of one by another network', async () => {
    const { networks } = lab.networks
    const routes = [{ destination: '10.88.0.0/24', gateway: '10.89.0.9' }]
    await networks.create({ name: 'web', pools: [{ subnet: '10.88.0.0/24' }] })
    await networks.create({ name: 'detour', pools: [{ subnet: '10.89.0.0/24' }], routes })
    const [one, two] = [await lab.sandbox('web'), await lab.sandbox('detour')]
    const refusal = { code: 'ERR_ROUTE_EXISTS', message: expect.stringContaining('10.88.0.0/24') as string }
    await expect(one.connect('detour')).rejects.toMatchObject(refusal)
    await expect(two.connect('web')).rejects.toMatchObject(refusal)
    expect(await lab.pings(one, '10.88.0.1')).toBe(true)
    expect(await lab.pings(two, '10.89.0.1')).toBe(true)
    await networks.create({
      ...{ name: 'second', pools: [{ subnet: '10.90.0.0/24' }] },
      routes: [{ ...routes[0]!, gateway: '10.90.0.9', priority: 5 }]
    })
    await one.connect('second')
    expect(await lab.pings(one, '10.88.0.1')).toBe(true)
    await one.disconnect('second')
    expect(await lab.pings(one, outsideAddress.inet)).toBe(true)
  })

  it('gives a route to nowhere for as long as one of its networks does', async () => {
    const { networks } = lab.networks
    const routes = [{ destination: '10.99.0.0/16', type: 'blackhole' }] as const
    for (const [name, subnet] of [
      ['web', '10.88.0.0/24'],
      ['back', '10.89.0.0/24']
    ] as const)
      await networks.create({ name, pools: [{ subnet }], routes })
    await networks.create({
      ...{ name: 'far', pools: [{ subnet: '10.90.0.0/24' }] },
      routes: [{ destination: '10.99.0.0/16', type: 'unreachable' }]
    })
    const sandbox = await lab.sandbox('web')
    const { stack } = await lab.inside(sandbox)
    const nowhere = async () =>
      (await stack.routes.list({ family: 'inet' })).flatMap(({ type }) => (type === 'unicast' ? [] : type))
    await sandbox.connect('back')
    await expect(sandbox.connect('far')).rejects.toMatchObject({ code: 'ERR_ROUTE_EXISTS' })
    expect(await nowhere()).toEqual(['blackhole'])
    await sandbox.disconnect('web')
    expect(await nowhere()).toEqual(['blackhole'])
    // One that fails has not given it.
    const failing = { sysctls: { 'net.ipv4.conf.IFNAME.nothing': '1' } }
    await expect(sandbox.connect('web', failing)).rejects.toMatchObject({ code: 'ENOENT' })
    expect(await nowhere()).toEqual(['blackhole'])
    await lab.networks.reconcile()
    await sandbox.disconnect('back')
    expect(await nowhere()).toEqual([])
  })

  it('has an IPv6 address that answers at once, from the host and from another one', async () => {
    await lab.networks.networks.create({ name: 'six', ipv4: false, pools: [{ subnet: 'fd10:88:a::/64' }] })
    const sandbox = await lab.networks.sandboxes.create()
    expect(await sandbox.connect('six')).toMatchObject({ address: undefined, address6: 'fd10:88:a::2/64' })
    expect(await lab.pings(lab.host, 'fd10:88:a::2')).toBe(true)
    const another = await lab.sandbox('six')
    expect(await lab.pings(another, 'fd10:88:a::2')).toBe(true)
    expect(await lab.pings(sandbox, outsideAddress.inet6)).toBe(true)
    const { stack } = await lab.inside(sandbox)
    const bridge = (await lab.links()).find((name) => name.startsWith('nl-'))
    for (const addresses of [
      await stack.addresses.list({ family: 'inet6' }),
      await lab.host.stack.addresses.list({ link: bridge!, family: 'inet6' })
    ]) {
      expect(addresses.filter(({ flags }) => flags.includes('tentative'))).toEqual([])
    }
  })

  it('keeps the addresses that were asked for, and numbers interfaces as they come', async () => {
    for (const number of [1, 2, 3]) {
      await lab.networks.networks.create({
        name: `net${number}`,
        pools: [{ subnet: `10.88.${number}.0/24` }]
      })
    }
    const sandbox = await lab.networks.sandboxes.create()
    const macAddress = '02:11:22:33:44:55'
    const linkLocalAddresses = ['169.254.7.7']
    await sandbox.connect('net3', { macAddress, address: '10.88.3.77', linkLocalAddresses })
    await sandbox.connect('net1', { interfaceName: 'lan7' })
    await sandbox.connect('net2', { sysctls: { 'net.ipv4.conf.IFNAME.log_martians': '1' } })
    const { stack, namespace } = await lab.inside(sandbox)
    const links = (await stack.links.list()).map(({ name, macAddress: mac }) => [name, mac])
    expect(links.map(([name]) => name)).toEqual(['lo', 'eth0', 'lan7', 'eth1'])
    expect(links[1]).toEqual(['eth0', macAddress])
    const addresses = await stack.addresses.list({ link: 'eth0', family: 'inet' })
    expect(addresses.map(({ address }) => address).sort()).toEqual(['10.88.3.77/24', '169.254.7.7/16'])
    expect(await namespace.sysctl.get('net.ipv4.conf.eth1.log_martians')).toBe(1)
    await expect(sandbox.connect('bridge', { interfaceName: 'lan7' })).rejects.toMatchObject({
      code: 'ERR_INTERFACE_EXISTS'
    })
  })

  it('leads the default route through the network with the highest priority, as they come and go', async () => {
    for (const [index, name] of ['a', 'b', 'c'].entries()) {
      await lab.networks.networks.create({ name, pools: [{ subnet: `10.88.${index}.0/24` }] })
    }
    await lab.networks.networks.create({ name: '0', internal: true })
    const sandbox = await lab.networks.sandboxes.create()
    const { stack } = await lab.inside(sandbox)
    const gateway = async () => {
      const routes = await stack.routes.list({ destination: 'default', family: 'inet' })
      return routes.map((route) => route.gateway)
    }
    await sandbox.connect('0', { gatewayPriority: 100 })
    expect(await gateway()).toEqual([])
    await sandbox.connect('b')
    expect(await gateway()).toEqual(['10.88.1.1'])
    await sandbox.connect('a')
    expect(await gateway()).toEqual(['10.88.0.1'])
    await sandbox.connect('c', { gatewayPriority: 1 })
    expect(await gateway()).toEqual(['10.88.2.1'])
    expect((await sandbox.endpoints()).map(({ networkName }) => networkName)).toEqual(['0', 'c', 'a', 'b'])
    await sandbox.disconnect('c')
    expect(await gateway()).toEqual(['10.88.0.1'])
    await sandbox.disconnect('b')
    expect(await gateway()).toEqual(['10.88.0.1'])
    await sandbox.disconnect('a')
    expect(await gateway()).toEqual([])
  })

  it('disconnects, though the interface is gone by which the default route is to lead', async () => {
    const sandbox = await lab.networks.sandboxes.create()
    const { stack } = await lab.inside(sandbox)
    for (const [index, name] of ['a', 'b'].entries()) {
      await lab.networks.networks.create({ name, pools: [{ subnet: `10.88.${index}.0/24` }] })
      await sandbox.connect(name)
    }
    await stack.links.delete('eth0')
    await sandbox.disconnect('b')
    expect(await stack.routes.list({ destination: 'default', family: 'inet' })).toEqual([])
    expect((await sandbox.endpoints()).map(({ networkName }) => networkName)).toEqual(['a'])
    await lab.networks.reconcile()
    const routes = await stack.routes.list({ destination: 'default', family: 'inet' })
    expect(routes.map(({ gateway }) => gateway)).toEqual(['10.88.0.1'])
  })

  it('isolates networks from each other', async () => {
    await lab.networks.networks.create({ name: 'one', pools: [{ subnet: '10.88.1.0/24' }] })
    await lab.networks.networks.create({ name: 'two', pools: [{ subnet: '10.88.2.0/24' }] })
    const [a, b] = [await lab.sandbox('one'), await lab.sandbox('two')]
    await lab.serve(b, 'two', 80)
    expect(await lab.tries(a, 'tcp', '10.88.2.2', 80)).toBeUndefined()
    expect(await lab.tries(lab.outside, 'tcp', '10.88.2.2', 80)).toBeUndefined()
    await a.connect('two')
    expect(await lab.ask(a, 'tcp', '10.88.2.2', 80)).toBe('two 10.88.2.3')
  })

  it('leaves with the outbound address that was asked for', async () => {
    await lab.networks.networks.create({ name: 'web', bridge: { outboundAddress: '172.16.0.9' } })
    const sandbox = await lab.sandbox('web')
    await lab.serve(lab.outside, 'outside', 7000)
    expect(await lab.ask(sandbox, 'tcp', outsideAddress.inet, 7000)).toBe('outside 172.16.0.9')
  })

  it('uses a bridge that is there, and leaves it there', async () => {
    const options = {
      name: 'old',
      bridge: { name: 'br7', existing: true },
      pools: [{ subnet: '10.90.0.0/24' }]
    }
    await expect(lab.networks.networks.create(options)).rejects.toMatchObject({ code: 'ERR_LINK_NOT_FOUND' })
    await lab.host.stack.links.add({ kind: 'bridge', name: 'br7', up: true })
    await lab.host.stack.addresses.add('br7', '10.90.0.1/24')
    const elsewhere = { ...options, pools: [{ subnet: '172.16.0.0/24', gateway: '172.16.0.77' }] }
    await expect(lab.networks.networks.create(elsewhere)).rejects.toMatchObject({
      code: 'ERR_SUBNET_IN_USE',
      message: expect.stringContaining('link uplink') as string
    })
    await lab.networks.networks.create(options)
    const sandbox = await lab.sandbox('old')
    expect(await lab.pings(lab.host, '10.90.0.2')).toBe(true)
    expect(await lab.networks.networks.inspect('old')).toMatchObject({ bridge: 'br7', endpoints: [{}] })
    await sandbox.disconnect('old')
    await lab.networks.networks.remove('old')
    await lab.networks.settled()
    expect(await lab.links()).toEqual(['br7'])
    const addresses = await lab.host.stack.addresses.list({ link: 'br7', family: 'inet' })
    expect(addresses.map(({ address }) => address)).toEqual(['10.90.0.1/24'])
  })

  it('connects by macvlan to what the parent is connected to', async (context) => {
    await skipUnless(context, kind('macvlan'))
    await lab.networks.networks.create({
      ...{ name: 'lan', driver: 'macvlan', macvlan: { parent: 'uplink' } },
      pools: [{ subnet: '172.16.0.0/24', range: '172.16.0.64/26', gateway: outsideAddress.inet }]
    })
    const sandbox = await lab.networks.sandboxes.create()
    expect(await sandbox.connect('lan')).toMatchObject({ address: '172.16.0.64/24', gateway: '172.16.0.2' })
    expect(await lab.pings(sandbox, outsideAddress.inet)).toBe(true)
    await expect(sandbox.connect('lan', { ports: [80] as never })).rejects.toMatchObject({
      name: 'TypeError'
    })
    await sandbox.disconnect('lan')
    const { stack } = await lab.inside(sandbox)
    expect((await stack.links.list()).map(({ name }) => name)).toEqual(['lo'])
  })
})

describe('sandboxes', () => {
  needsKind('bridge', 'veth')
  needsProgram('nft', 'ping')
  let lab: Lab

  beforeEach(async () => {
    lab = await Lab.open()
  })
  afterEach(() => lab[Symbol.asyncDispose]())

  it('have parameters of their own, and do not forward unless they are told to', async () => {
    const { sandboxes } = lab.networks
    const plain = await lab.inside(await sandboxes.create())
    const keys = ['net.ipv4.ip_forward', 'net.ipv6.conf.all.forwarding', 'net.ipv4.ip_default_ttl'] as const
    expect(Object.values(await plain.namespace.sysctl.getMany(keys))).toEqual([0, 0, 64])
    const sysctls = { 'net.ipv4.ip_forward': '1', 'net.ipv4.ip_default_ttl': '33' }
    const router = await lab.inside(await sandboxes.create({ sysctls }))
    expect(Object.values(await router.namespace.sysctl.getMany(keys))).toEqual([1, 0, 33])
    const left = await readdir('/run/netns')
    await expect(sandboxes.create({ sysctls: { 'net.ipv4.no_such_thing': '1' } })).rejects.toMatchObject({
      code: 'ENOENT'
    })
    expect(await readdir('/run/netns')).toEqual(left)
  })

  it('take the namespace that a runtime brings, and leave it', async () => {
    const brought = await machine()
    await brought.stack.links.add({ kind: 'veth', name: 'eth0', peer: { name: 'other' } })
    const { networks, sandboxes } = lab.networks
    await networks.create({ name: 'web' })
    const fd = brought.namespace.native.fd
    const sandbox = await sandboxes.create({ name: 'brought', namespace: { fd } })
    expect(sandbox.ownNamespace).toBe(false)
    await expect(sandboxes.create({ namespace: { fd } })).rejects.toMatchObject({
      code: 'ERR_SANDBOX_EXISTS'
    })
    expect(await sandbox.connect('web')).toMatchObject({ interfaceName: 'eth1' })
    expect(await lab.pings(brought, (await sandbox.endpoints())[0]!.gateway!)).toBe(true)
    await sandboxes.remove('brought', { force: true })
    await lab.networks.settled()
    expect((await brought.stack.links.list()).map(({ name }) => name)).toEqual(['lo', 'other', 'eth0'])
    await brought.stack.close()
    await brought.namespace.close()
  })

  it('by the pid of a process in it', async () => {
    const brought = await machine()
    const process = await brought.namespace.spawn('sleep', ['60'], { stdio: 'ignore' })
    const { networks, sandboxes } = lab.networks
    await networks.create({ name: 'web' })
    const sandbox = await sandboxes.create({ namespace: { pid: process.pid } })
    await sandbox.connect('web')
    expect((await brought.stack.links.get('eth0')).up).toBe(true)
    await sandboxes.remove(sandbox.id, { force: true })
    process.kill()
    await process.exited
    await brought.stack.close()
    await brought.namespace.close()
  })

  it("share the host's stack on the network host alone, and have none on none", async () => {
    const { sandboxes } = lab.networks
    const host = await sandboxes.create({ name: 'host', hostNamespace: true })
    expect(await host.connect('host')).toMatchObject({ address: undefined, interfaceName: undefined })
    const namespace = await host.openNamespace()
    expect(namespace.inode).toBe(lab.host.namespace.inode)
    await namespace.close()
    await expect(host.connect('bridge')).rejects.toMatchObject({ code: 'ERR_NETWORK_MODE' })
    const lonely = await sandboxes.create({ name: 'lonely' })
    await expect(lonely.connect('host')).rejects.toMatchObject({ code: 'ERR_NETWORK_MODE' })
    await lonely.connect('none')
    await expect(lonely.connect('bridge')).rejects.toMatchObject({ code: 'ERR_NETWORK_MODE' })
    const { stack } = await lab.inside(lonely)
    expect((await stack.links.list()).map(({ name }) => name)).toEqual(['lo'])
    await lonely.disconnect('none')
    await lonely.connect('bridge')
    await sandboxes.remove('host', { force: true })
    expect(await lab.pings(lab.host, hostAddress.inet)).toBe(true)
  })

  it('find their own files over those in /etc', async () => {
    const { networks, sandboxes } = lab.networks
    await networks.create({ name: 'web', pools: [{ subnet: '10.88.0.0/24' }] })
    const sandbox = await sandboxes.create({
      ...{ name: 'one', hostname: 'box', domainName: 'example.org' },
      ...{ extraHosts: ['db:10.0.0.5', 'gate:host-gateway'], dns: { search: ['example.org'] } }
    })
    const read = () => lab.run(sandbox, 'cat', '/etc/hostname', '/etc/hosts', '/etc/resolv.conf')
    await sandbox.connect('bridge')
    expect(await read()).not.toContain('127.0.0.11')
    const process = await sandbox.spawn('sh', ['-c', 'read go; cat /etc/hosts'], {
      stdio: ['pipe', 'pipe', 'inherit']
    })
    await sandbox.connect('web')
    const text = await read()
    expect(text).toContain('box\n')
    expect(text).toMatch(/^10\.0\.0\.5\tdb$/m)
    expect(text).toMatch(/^10\.88\.0\.2\tbox\.example\.org box$/m)
    expect(text).toMatch(/^nameserver 127\.0\.0\.11$/m)
    expect(text).toMatch(/^search example\.org$/m)
    // They were mounted before, and are still the same files.
    process.stdin!.end('\n')
    const seen = Buffer.concat(await process.stdout!.toArray()).toString()
    expect(seen).toContain('10.88.0.2\tbox')
    await sandbox.disconnect('web')
    expect(await read()).not.toContain('127.0.0.11')
  })

  it('are found by name, id and the beginning of the id', async () => {
    const { networks, sandboxes } = lab.networks
    const web = await networks.create({ name: 'web', labels: { tier: 'front' } })
    const one = await sandboxes.create({ name: 'one', labels: { team: 'a' } })
    const nameless = await sandboxes.create()
    expect(nameless.name).toBe(nameless.id.slice(0, 12))
    expect((await networks.get(web.id.slice(0, 5))).labels).toEqual({ tier: 'front' })
    expect((await sandboxes.get(one.id)).labels).toEqual({ team: 'a' })
    expect((await sandboxes.list()).map(({ id }) => id).sort()).toEqual([one.id, nameless.id].sort())
    expect((await networks.list()).map(({ name }) => name)).toEqual(['bridge', 'host', 'none', 'web'])
    await expect(networks.get('nothing')).rejects.toMatchObject({ code: 'ERR_NETWORK_NOT_FOUND' })
    await expect(sandboxes.get('nothing')).rejects.toMatchObject({ code: 'ERR_SANDBOX_NOT_FOUND' })
    await expect(networks.remove('bridge')).rejects.toMatchObject({ code: 'ERR_NETWORK_PREDEFINED' })
  })

  it('whose namespace somebody removes can not be connected', async () => {
    const sandbox = await lab.networks.sandboxes.create()
    await NetworkNamespace.remove(`netloom-${sandbox.id.slice(0, 12)}`)
    const { removed } = await lab.networks.reconcile()
    expect(removed).toEqual([{ object: 'sandbox', id: sandbox.id, name: sandbox.name }])
    await expect(sandbox.connect('bridge')).rejects.toMatchObject({ code: 'ERR_SANDBOX_NOT_FOUND' })
  })
})
