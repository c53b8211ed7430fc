/**
 * A host with bridge networks, made by hand, and what is outside of it.
 *
 *     outside 172.16.0.2 ── 172.16.0.1, .9 host 10.88.N.1 ── 10.88.N.K containers
 *             fd16::2    ── fd16::1, ::9        fd10:88:N::1 ── fd10:88:N::K
 *
 * All of them are namespaces of the test's own.
 */
import { ensureForwarding, NftablesFirewall } from '../../../../src/container/firewall/index.js'
import type {
  FirewallNetwork,
  NftablesFirewallOptions,
  PublishedPort
} from '../../../../src/container/firewall/index.js'
import { NetworkNamespace, NetworkStack } from '../../../../src/index.js'
import { execute } from '../../../setup/namespace.js'
import { settled } from '../../../setup/settled.js'
import { client, serve } from './talk.js'
import type { Client, Protocol } from './talk.js'

export interface Machine {
  readonly namespace: NetworkNamespace
  readonly stack: NetworkStack
}

export type Family = 'inet' | 'inet6'
export const families: readonly Family[] = ['inet', 'inet6']
/** Of the tests that hold for each. */
export const ways: readonly (readonly [Protocol, Family])[] = [
  ['tcp', 'inet'],
  ['tcp', 'inet6'],
  ['udp', 'inet'],
  ['udp', 'inet6']
]

const at = (inet: string, inet6: string): Readonly<Record<Family, string>> => ({ inet, inet6 })

/** The host's addresses outside, and that of who is there. */
export const hostAddress = at('172.16.0.1', 'fd16::1')
export const secondAddress = at('172.16.0.9', 'fd16::9')
export const outsideAddress = at('172.16.0.2', 'fd16::2')
export const everyAddress = at('0.0.0.0', '::')
export const loopbackAddress = at('127.0.0.1', '::1')

/** What a server says who is asked with one of the host's addresses outside. */
export const uplinkAddress = /^\w+ (172\.16\.0\.|fd16::)[19]$/

/** How long an answer may take; it takes a millisecond. */
const patience = 5_000
/** How long nobody may answer to be out of reach. */
const silence = 300

export interface Bridge {
  readonly number: number
  /** The bridge's own addresses. */
  readonly address: Readonly<Record<Family, string>>
  readonly spec: FirewallNetwork
}

export interface Container extends Machine {
  readonly network: Bridge
  readonly address: Readonly<Record<Family, string>>
  /** The host's end of its cable. */
  readonly port: string
}

export class Lab {
  readonly host: Machine
  readonly outside: Machine
  readonly firewall: NftablesFirewall
  readonly #machines: Machine[]
  readonly #open: (() => void)[] = []

  private constructor(host: Machine, outside: Machine, options?: NftablesFirewallOptions) {
    this.host = host
    this.outside = outside
    this.firewall = new NftablesFirewall(host, options)
    this.#machines = [host, outside]
  }

  static async open(options?: NftablesFirewallOptions): Promise<Lab> {
    const [host, outside] = [await machine(), await machine()]
    await ensureForwarding(host.namespace, families)
    await host.stack.links.add({
      ...{ kind: 'veth', name: 'uplink', up: true },
      peer: { name: 'eth0', namespace: outside.namespace, up: true }
    })
    for (const addresses of [hostAddress, secondAddress]) await addAddresses(host, 'uplink', addresses)
    await addAddresses(outside, 'eth0', outsideAddress)
    for (const family of families) {
      // Whoever knows the way to a container's own address tries it.
      await outside.stack.routes.add({ destination: 'default', gateway: hostAddress[family] })
    }
    await settled(host.stack, outside.stack)
    const lab = new Lab(host, outside, options)
    await lab.filterFrames(false)
    return lab
  }

  /** Whether frames within a bridge pass the rules for packets; false where the kernel can't let them. */
  async filterFrames(on: boolean): Promise<boolean> {
    try {
      const keys = { 'net.bridge.bridge-nf-call-iptables': on, 'net.bridge.bridge-nf-call-ip6tables': on }
      await this.host.namespace.sysctl.setMany(keys)
      return true
    } catch {
      return false
    }
  }

  /** A bridge with its addresses, and its rules unless the test wants to make them itself. */
  async network(number: number, options: Partial<FirewallNetwork> = {}, rules = true): Promise<Bridge> {
    const bridge = `br${number}`
    const address = at(`10.88.${number}.1`, `fd10:88:${number}::1`)
    await this.host.stack.links.add({ kind: 'bridge', name: bridge, up: true })
    await addAddresses(this.host, bridge, address)
    const spec: FirewallNetwork = {
      id: `${number}`.padStart(12, '0').padEnd(64, 'f'),
      bridge,
      subnets: [`10.88.${number}.0/24`, `fd10:88:${number}::/64`],
      ...{ internal: false, interContainer: true, masquerade: true },
      ...options
    }
    if (rules) await this.firewall.ensureNetwork(spec)
    return { number, address, spec }
  }

  async container(network: Bridge, number: number): Promise<Container> {
    const made = await machine()
    this.#machines.push(made)
    const port = `v${network.number}x${number}`
    await this.host.stack.links.add({
      ...{ kind: 'veth', name: port, master: network.spec.bridge, up: true },
      peer: { name: 'eth0', namespace: made.namespace, up: true }
    })
    const address = at(`10.88.${network.number}.${number}`, `fd10:88:${network.number}::${number}`)
    await addAddresses(made, 'eth0', address)
    if (!network.spec.internal) {
      for (const family of families) {
        await made.stack.routes.add({ destination: 'default', gateway: network.address[family] })
      }
    }
    await settled(this.host.stack, made.stack)
    return { ...made, network, address, port }
  }

  /** A server for both protocols and families. */
  async serve({ namespace }: Machine, name: string, port: number, address?: string): Promise<void> {
    const kinds =
      address === undefined ? families : [address.includes(':') ? ('inet6' as const) : ('inet' as const)]
    for (const family of kinds) this.#open.push(await serve(namespace, name, port, family, address))
  }

  async client({ namespace }: Machine, ...to: [Protocol, string, number, string?]): Promise<Client> {
    const made = await client(namespace, ...to)
    this.#open.push(() => made.close())
    return made
  }

  /** What the server at an address says; it must answer. */
  async ask(
    from: Machine,
    protocol: Protocol,
    address: string,
    port: number,
    source?: string
  ): Promise<string | undefined> {
    return once(await client(from.namespace, protocol, address, port, source), patience)
  }

  /** As `ask`, where nobody should answer. */
  async tries(
    from: Machine,
    protocol: Protocol,
    address: string,
    port: number,
    source?: string
  ): Promise<string | undefined> {
    return once(await client(from.namespace, protocol, address, port, source), silence)
  }

  /** Runs commands of nft's on the host. */
  async nft(commands: string): Promise<string> {
    return this.run(this.host, 'nft', commands)
  }

  async run({ namespace }: Machine, program: string, ...args: string[]): Promise<string> {
    return execute('nsenter', [`--net=${namespace.path}`, program, ...args])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const close of this.#open) close()
    for (const { stack, namespace } of this.#machines.reverse()) {
      await stack.close()
      await namespace.close()
    }
  }
}

/** A port of a container, published. */
export function published(
  { network, address }: Container,
  family: Family,
  port: Pick<PublishedPort, 'protocol' | 'hostPort' | 'containerPort'> & { readonly hostAddress?: string }
): PublishedPort {
  return {
    networkId: network.spec.id,
    hostAddress: everyAddress[family],
    containerAddress: address[family],
    bridgeAddress: network.address[family],
    ...port
  }
}

export async function machine(): Promise<Machine> {
  const namespace = await NetworkNamespace.create()
  const stack = await NetworkStack.open({ namespace })
  // Nobody is waited for, and nothing is lost, because an address may be somebody else's.
  await namespace.sysctl.setMany({ 'net.ipv6.conf.default.accept_dad': 0, 'net.ipv6.conf.all.accept_dad': 0 })
  await stack.links.set('lo', { up: true })
  return { namespace, stack }
}

async function addAddresses(
  { stack }: Machine,
  link: string,
  { inet, inet6 }: Readonly<Record<Family, string>>
): Promise<void> {
  await stack.addresses.add(link, `${inet}/24`)
  await stack.addresses.add(link, { address: `${inet6}/64`, flags: ['nodad'] })
}

async function once(asker: Client, milliseconds: number): Promise<string | undefined> {
  try {
    return await asker.ask(milliseconds)
  } finally {
    asker.close()
  }
}
