/** A namespace that plays a host, sandboxes beside it, and records of networks and endpoints. */
import { randomBytes } from 'node:crypto'
import type { EndpointPlan, Host, Inside, NetworkDriver } from '../../../../src/container/drivers/index.js'
import type { EndpointRecord } from '../../../../src/container/model/endpoint.js'
import type { NetworkOptions, NetworkRecord, Pool } from '../../../../src/container/model/network.js'
import { NetworkNamespace, NetworkStack } from '../../../../src/index.js'
import { testNamespace, type TestNamespace } from '../../../setup/namespace.js'
import { fragileFirewall, type FragileFirewall } from './fragile-firewall.js'

/** A namespace, with netloom in it. */
export interface Node extends Inside {
  readonly ns: TestNamespace
  /** What `ip -j -d` prints of one link; its addresses are among it. */
  ip(link: string): Promise<PrintedLink>
  /** One ping, which is answered within a second. */
  ping(address: string): Promise<boolean>
}

export interface PrintedLink {
  readonly [key: string]: unknown
  readonly flags: readonly string[]
  readonly addr_info: readonly { readonly [key: string]: unknown; local: string; prefixlen: number }[]
}

export interface Machine extends AsyncDisposable {
  readonly host: Node & Host
  readonly firewall: FragileFirewall
  /** A further namespace, gone with the machine. */
  sandbox(): Promise<Node>
}

export async function machine(): Promise<Machine> {
  const nodes: Node[] = []
  const make = async (): Promise<Node> => {
    const made = await node()
    nodes.push(made)
    return made
  }
  const made = await make()
  const firewall = fragileFirewall(made)
  const host = { ...made, firewall, mark: 'netloom:test' }
  await host.stack.links.set('lo', { up: true })
  return {
    host,
    firewall,
    sandbox: make,
    async [Symbol.asyncDispose]() {
      for (const { ns, stack, namespace } of nodes) {
        await stack.close()
        await namespace.close()
        ns.close()
      }
    }
  }
}

async function node(): Promise<Node> {
  const ns = await testNamespace()
  const namespace = await NetworkNamespace.open({ path: ns.path })
  const stack = await NetworkStack.open({ namespace })
  return {
    ns,
    namespace,
    stack,
    ip: async (link) => (await ns.ip('address', 'show', 'dev', link))[0] as unknown as PrintedLink,
    ping: (address) =>
      ns.run('ping', '-c', '1', '-W', '1', address).then(
        () => true,
        () => false
      )
  }
}

export const newId = (): string => randomBytes(32).toString('hex')

export const pools = {
  inet: { family: 'inet', subnet: '10.88.0.0/16', gateway: '10.88.0.1' },
  inet6: { family: 'inet6', subnet: 'fd00:88::/64', gateway: 'fd00:88::1' }
} as const satisfies Record<string, Pool>

/** The record of a network that a driver planned. */
export async function planned(
  driver: NetworkDriver,
  host: Host,
  options: Omit<NetworkOptions, 'name' | 'pools'> & { readonly pools?: readonly Pool[] } = {},
  others: readonly NetworkRecord[] = []
): Promise<NetworkRecord> {
  const id = newId()
  const { pools: given = [pools.inet, pools.inet6], internal = false, ...rest } = options
  const name = `net-${id.slice(0, 6)}`
  const wanted = { name, driver: driver.name, pools: given, internal, ...rest }
  const driverOptions = await driver.plan(host, wanted, id, others)
  return {
    id,
    name,
    driver: driver.name,
    addressManager: 'default',
    created: Date.now(),
    ipv4: given.some(({ family }) => family === 'inet'),
    ipv6: given.some(({ family }) => family === 'inet6'),
    internal,
    pools: given,
    labels: {},
    // As the store keeps it.
    driverOptions: JSON.parse(JSON.stringify(driverOptions)) as Record<string, unknown>,
    phase: 'creating'
  }
}

let count = 1

/** A new endpoint of a network, with the next addresses of its pools. */
export function endpointOf(network: NetworkRecord, more: Partial<EndpointRecord> = {}): EndpointPlan {
  const next = ++count
  const endpoint: EndpointRecord = {
    id: newId(),
    networkId: network.id,
    driver: network.driver,
    sandboxId: newId(),
    created: Date.now(),
    address: network.ipv4 ? `10.88.${next >> 8}.${next & 255}` : undefined,
    address6: network.ipv6 ? `fd00:88::${next.toString(16)}` : undefined,
    linkLocalAddresses: [],
    interfaceName: 'eth0',
    aliases: [],
    ports: [],
    gatewayPriority: 0,
    sysctls: {},
    bootId: 'boot',
    phase: 'connecting',
    ...more
  }
  return { network, endpoint }
}

/** The addresses of a link as `ip` prints them, link-local ones aside. */
export function addressesOf(link: PrintedLink): string[] {
  return link.addr_info
    .filter(({ local, scope }) => scope !== 'link' || !local.startsWith('fe80'))
    .map(({ local, prefixlen }) => `${local}/${prefixlen}`)
}
