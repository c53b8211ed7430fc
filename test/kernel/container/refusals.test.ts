/** What can't be done is an error, and changes nothing: not in the store, and not in the kernel. */
import { readdir } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type {
  ContainerNetworks,
  EndpointOptions,
  NetworkOptions,
  Sandbox
} from '../../../src/container/index.js'
import { kind, needsKind, needsProgram, skipUnless } from '../../setup/requirements.js'
import { Lab } from './lab.js'
import type { Machine } from './lab.js'

let lab: Lab
let networks: ContainerNetworks
let sandbox: Sandbox

beforeEach(async () => {
  lab = await Lab.open()
  networks = lab.networks
  await networks.networks.create({ name: 'web', pools: [{ subnet: '10.88.0.0/29' }] })
  await networks.networks.create({ name: 'six', ipv6: true, pools: [{ subnet: '10.88.1.0/24' }] })
  sandbox = await networks.sandboxes.create({ name: 'one' })
  const other = await networks.sandboxes.create({ name: 'other' })
  const taken = {
    address: '10.88.0.5',
    macAddress: '02:00:00:00:00:01',
    ports: ['8080:80', '127.0.0.1:53:53/udp']
  }
  await other.connect('web', taken)
})
afterEach(() => lab[Symbol.asyncDispose]())

/** What was made of links; their state may lag behind. */
async function linksOf({ stack }: Machine): Promise<string[]> {
  const links = await stack.links.list()
  return links.map(({ name, kind, macAddress, master, mtu, up }) =>
    [name, kind, macAddress, master, mtu, up].join(' ')
  )
}

/** Everything that can be seen. */
async function all(): Promise<object> {
  return {
    networks: await Promise.all(
      (await networks.networks.list()).map(({ id }) => networks.networks.inspect(id))
    ),
    sandboxes: (await networks.sandboxes.list()).map(({ id }) => id),
    namespaces: await readdir('/run/netns'),
    links: await linksOf(lab.host),
    addresses: (await lab.host.stack.addresses.list()).map(({ address, link }) => `${address} ${link}`),
    neighbors: (await lab.host.stack.neighbors.list())
      .filter(({ state }) => state === 'permanent')
      .map(({ destination }) => destination),
    rules: await lab.rules(),
    inside: await linksOf(await lab.inside(sandbox))
  }
}

async function refused(work: () => Promise<unknown>, error: object): Promise<void> {
  const before = await all()
  await expect(work()).rejects.toMatchObject(error)
  expect(await all()).toEqual(before)
}

describe('nothing is changed', () => {
  needsKind('bridge', 'veth')
  needsProgram('nft')

  const networkRefusals: [string, NetworkOptions, object][] = [
    ['no name', {} as NetworkOptions, { code: 'ERR_MISSING_FIELD', field: 'name' }],
    ['a name that is none', { name: '-web' }, { code: 'ERR_INVALID_ARG_VALUE', field: 'name' }],
    ['a name that is taken', { name: 'web' }, { code: 'ERR_NETWORK_EXISTS' }],
    ['a predefined name', { name: 'bridge' }, { code: 'ERR_NETWORK_EXISTS' }],
    [
      'an unknown option',
      { name: 'x', subnet: '10.0.0.0/8' } as never,
      { code: 'ERR_UNKNOWN_FIELD', field: 'subnet' }
    ],
    [
      'an unknown driver',
      { name: 'x', driver: 'overlay' },
      { code: 'ERR_INVALID_ARG_VALUE', field: 'driver' }
    ],
    ['a second network of the host', { name: 'x', driver: 'host' }, { code: 'ERR_NETWORK_EXISTS' }],
    ['an unknown address manager', { name: 'x', addressManager: 'dhcp' }, { field: 'addressManager' }],
    [
      'options of another driver',
      { name: 'x', macvlan: {} },
      { code: 'ERR_UNKNOWN_FIELD', field: 'macvlan' }
    ],
    [
      'a wrong option of the driver',
      { name: 'x', bridge: { mtu: 5 } },
      { code: 'ERR_OUT_OF_RANGE', field: 'bridge.mtu' }
    ],
    [
      "a wrong option by Docker's name",
      { name: 'x', options: { 'com.docker.network.bridge.enable_icc': 'maybe' } },
      { code: 'ERR_INVALID_ARG_VALUE' }
    ],
    [
      'a subnet of another network',
      { name: 'x', pools: [{ subnet: '10.88.0.0/16' }] },
      { code: 'ERR_SUBNET_IN_USE' }
    ],
    [
      'a subnet of the host',
      { name: 'x', pools: [{ subnet: '172.16.0.128/25' }] },
      { code: 'ERR_SUBNET_IN_USE' }
    ],
    ['no subnet', { name: 'x', pools: [{ subnet: 'abcd' }] }, { field: 'pools[0].subnet' }],
    [
      'a subnet with host bits',
      { name: 'x', pools: [{ subnet: '10.90.0.1/24' }] },
      { field: 'pools[0].subnet' }
    ],
    [
      'a range outside of the subnet',
      { name: 'x', pools: [{ subnet: '10.90.0.0/24', range: '10.91.0.0/25' }] },
      { field: 'pools[0].range' }
    ],
    [
      'a gateway outside of the subnet',
      { name: 'x', pools: [{ subnet: '10.90.0.0/24', gateway: '10.91.0.1' }] },
      { field: 'pools[0].gateway' }
    ],
    ['no family', { name: 'x', ipv4: false }, { field: 'ipv6' }],
    [
      'a route by a gateway elsewhere',
      {
        name: 'x',
        pools: [{ subnet: '10.90.0.0/24' }],
        routes: [{ destination: '10.91.0.0/24', gateway: '10.92.0.1' }]
      },
      { field: 'routes[0].gateway' }
    ],
    [
      'a bridge that is not there',
      { name: 'x', bridge: { name: 'br7', existing: true } },
      { code: 'ERR_LINK_NOT_FOUND' }
    ],
    ['a bridge with a pattern for a name', { name: 'x', bridge: { name: 'br*' } }, { field: 'bridge.name' }],
    ['a bridge that can have no name', { name: 'x', bridge: { name: 'all' } }, { field: 'bridge.name' }],
    ['a link that is there already', { name: 'x', bridge: { name: 'uplink' } }, { code: 'ERR_LINK_EXISTS' }],
    [
      'a parent that is not there',
      { name: 'x', driver: 'macvlan', macvlan: { parent: 'eth7' } },
      { code: 'ERR_LINK_NOT_FOUND' }
    ]
  ]
  it.each(networkRefusals)('by a network with %s', async (_, options, error) => {
    await refused(() => networks.networks.create(options), error)
  })

  it.each([
    ['a name that is taken', { name: 'one' }, { code: 'ERR_SANDBOX_EXISTS' }],
    ['a name that is none', { name: 'a/b' }, { field: 'name' }],
    ['a wrong hostname', { hostname: 'a b' }, { field: 'hostname' }],
    ['a wrong DNS server', { dns: { servers: ['abcd'] } }, { field: 'dns.servers[0]' }],
    ['a wrong option of the resolver', { dns: { options: ['ndots:many'] } }, { field: 'dns.options[0]' }],
    ['a wrong extra host', { extraHosts: ['db'] }, { field: 'extraHosts[0]' }],
    ['a parameter elsewhere', { sysctls: { 'kernel.hostname': 'x' } }, { field: 'sysctls.kernel.hostname' }],
    ['a namespace that is not there', { namespace: 'no-such-namespace' }, { code: 'ENOENT' }],
    ['a namespace that is none', { namespace: { path: '/etc/hosts' } }, { code: 'EINVAL' }],
    ['a namespace that is wrong', { namespace: { pid: -1 } }, { field: 'namespace.pid' }],
    ['two namespaces', { namespace: 'x', hostNamespace: true }, { field: 'namespace' }]
  ])('by a sandbox with %s', async (_, options, error) => {
    await refused(() => networks.sandboxes.create(options), error)
  })

  const endpointRefusals: [string, string, EndpointOptions, object][] = [
    ['an unknown network', 'nothing', {}, { code: 'ERR_NETWORK_NOT_FOUND' }],
    ['an unknown option', 'web', { ip: '10.88.0.3' } as never, { code: 'ERR_UNKNOWN_FIELD', field: 'ip' }],
    ['an address that is taken', 'web', { address: '10.88.0.5' }, { code: 'ERR_ADDRESS_IN_USE' }],
    ['the address of the gateway', 'web', { address: '10.88.0.1' }, { code: 'ERR_ADDRESS_IN_USE' }],
    ['an address elsewhere', 'web', { address: '10.88.7.5' }, { code: 'ERR_OUT_OF_RANGE', field: 'address' }],
    ['no address', 'web', { address: 'abcd' }, { field: 'address' }],
    ['an IPv6 address where there is no IPv6', 'web', { address6: 'fd00::2' }, { field: 'address6' }],
    [
      'a link-local address that is none',
      'web',
      { linkLocalAddresses: ['10.0.0.1'] },
      { field: 'linkLocalAddresses[0]' }
    ],
    ['a MAC address that is taken', 'web', { macAddress: '02-0-0-0-0-1' }, { code: 'ERR_ADDRESS_IN_USE' }],
    ['a MAC address of many', 'web', { macAddress: '01:00:5e:00:00:01' }, { field: 'macAddress' }],
    ['a wrong interface name', 'web', { interfaceName: 'a/b' }, { field: 'interfaceName' }],
    ['a name that no interface has', 'web', { interfaceName: 'default' }, { field: 'interfaceName' }],
    ['an address of many', 'web', { ports: ['224.0.0.5:53:53/udp'] }, { field: 'ports[0].hostAddress' }],
    ['the address of all', 'web', { ports: ['255.255.255.255:9:9/udp'] }, { field: 'ports[0].hostAddress' }],
    ['a port that is taken', 'six', { ports: ['8080:80'] }, { code: 'ERR_PORT_IN_USE' }],
    ['a port that is taken at one address', 'six', { ports: ['53:53/udp'] }, { code: 'ERR_PORT_IN_USE' }],
    ['a range with a port that is taken', 'six', { ports: ['8079-8081:79-81'] }, { code: 'ERR_PORT_IN_USE' }],
    ['ranges of different lengths', 'web', { ports: ['8000-8002:80-81'] }, { field: 'ports[0].hostPort' }],
    ['no host address', 'web', { ports: ['abcd:8081:80'] }, { field: 'ports[0].hostAddress' }],
    ['an address that the host has not', 'web', { ports: ['192.0.2.1:8081:80'] }, { code: 'EADDRNOTAVAIL' }],
    [
      'a parameter of no interface',
      'web',
      { sysctls: { 'net.ipv4.ip_forward': '1' } },
      {
        field: 'sysctls.net.ipv4.ip_forward'
      }
    ],
    [
      'a parameter that is not there',
      'web',
      { sysctls: { 'net.ipv4.conf.IFNAME.nothing': '1' } },
      { code: 'ENOENT' }
    ],
    ['a port on a network without any', 'none', { ports: ['8081:80'] }, { field: 'ports' }]
  ]
  it.each(endpointRefusals)('by an endpoint with %s', async (_, network, options, error) => {
    await refused(() => sandbox.connect(network, options), error)
    // A failed connection leaves the network to others as it was.
    expect((await sandbox.connect('six', {})).address).toBe('10.88.1.2/24')
  })

  it('by an endpoint with a MAC address where it takes over its parent', async (context) => {
    await skipUnless(context, kind('macvlan'))
    await networks.networks.create({
      ...{ name: 'all', driver: 'macvlan', macvlan: { parent: 'uplink', mode: 'passthru' } },
      pools: [{ subnet: '10.88.2.0/24' }]
    })
    const given = { macAddress: '02:00:00:00:00:02' }
    await refused(() => sandbox.connect('all', given), { code: 'ERR_INVALID_ARG_VALUE', field: 'macAddress' })
    const { macAddress } = await lab.host.stack.links.get('uplink')
    expect(await sandbox.connect('all')).toMatchObject({ macAddress })
  })

  it('by an endpoint when no address is left', async () => {
    for (let i = 0; i < 4; i++) await (await networks.sandboxes.create()).connect('web')
    await refused(() => sandbox.connect('web'), { code: 'ERR_POOL_EXHAUSTED' })
  })

  it('by connecting twice, disconnecting what is not connected, and removing what is in use', async () => {
    await sandbox.connect('web')
    await refused(() => sandbox.connect('web'), { code: 'ERR_ENDPOINT_EXISTS' })
    await refused(() => sandbox.disconnect('six'), { code: 'ERR_ENDPOINT_NOT_FOUND' })
    await refused(() => networks.networks.remove('web'), { code: 'ERR_NETWORK_IN_USE' })
    await refused(() => networks.sandboxes.remove('one'), { code: 'ERR_SANDBOX_IN_USE' })
    await refused(() => networks.sandboxes.remove('nothing'), { code: 'ERR_SANDBOX_NOT_FOUND' })
  })
})
