/**
 * A host with container networks, and a machine outside of it, all of them namespaces of the test's own.
 *
 *     outside 172.16.0.2 ── uplink 172.16.0.1, .9 host
 *             fd16::2    ──        fd16::1, ::9
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ContainerNetworks } from '../../../src/container/index.js'
import type { ContainerNetworksOptions, Sandbox } from '../../../src/container/index.js'
import { NetworkNamespace, NetworkStack } from '../../../src/index.js'
import { execute } from '../../setup/namespace.js'
import { settled } from '../../setup/settled.js'
import { client, serve } from './firewall/talk.js'
import type { Protocol } from './firewall/talk.js'

export type Family = 'inet' | 'inet6'

export interface Machine {
  readonly namespace: NetworkNamespace
  readonly stack: NetworkStack
}

export const hostAddress = { inet: '172.16.0.1', inet6: 'fd16::1' } as const
export const secondAddress = { inet: '172.16.0.9', inet6: 'fd16::9' } as const
export const outsideAddress = { inet: '172.16.0.2', inet6: 'fd16::2' } as const

/** Milliseconds that an answer may take; it takes one. */
const patience = 5_000
/** Milliseconds for which nobody may answer to be out of reach. */
const silence = 300

export async function machine(): Promise<Machine> {
  const namespace = await NetworkNamespace.create()
  const stack = await NetworkStack.open({ namespace })
  // Nobody is waited for because an address may be somebody else's.
  await namespace.sysctl.setMany({ 'net.ipv6.conf.default.accept_dad': 0, 'net.ipv6.conf.all.accept_dad': 0 })
  await stack.links.set('lo', { up: true })
  return { namespace, stack }
}

export class Lab {
  readonly host: Machine
  readonly outside: Machine
  readonly #open: (() => unknown)[] = []
  #networks: ContainerNetworks | undefined

  private constructor(host: Machine, outside: Machine) {
    this.host = host
    this.outside = outside
  }

  /** With networks in memory, unless the options say otherwise, or `false` leaves them out. */
  static async open(options: ContainerNetworksOptions | false = {}): Promise<Lab> {
    const [host, outside] = [await machine(), await machine()]
    await host.stack.links.add({
      ...{ kind: 'veth', name: 'uplink', up: true },
      peer: { name: 'eth0', namespace: outside.namespace, up: true }
    })
    const flags = { flags: ['nodad'] as const }
    for (const { inet, inet6 } of [hostAddress, secondAddress]) {
      await host.stack.addresses.add('uplink', `${inet}/24`)
      await host.stack.addresses.add('uplink', { address: `${inet6}/64`, ...flags })
    }
    await outside.stack.addresses.add('eth0', `${outsideAddress.inet}/24`)
    await outside.stack.addresses.add('eth0', { address: `${outsideAddress.inet6}/64`, ...flags })
    for (const gateway of Object.values(hostAddress)) {
      // Whoever knows the way to a container's own address tries it.
      await outside.stack.routes.add({ destination: 'default', gateway })
    }
    await settled(host.stack, outside.stack)
    const lab = new Lab(host, outside)
    if (options !== false) lab.#networks = await lab.networksOf(options)
    return lab
  }

  get networks(): ContainerNetworks {
    return this.#networks!
  }

  /** Further networks on the same host, closed with the lab. */
  async networksOf(options: ContainerNetworksOptions): Promise<ContainerNetworks> {
    const networks = await ContainerNetworks.open({ host: this.host.namespace, ...options })
    this.#open.push(() => networks.close())
    return networks
  }

  /** A state directory of this test. */
  async directory(): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), 'netloom-state-'))
    this.#open.push(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }))
    return directory
  }

  /** A sandbox on a network, with the next free name. */
  async sandbox(
    network: string,
    options: Parameters<Sandbox['connect']>[1] = {},
    name?: string
  ): Promise<Sandbox> {
    const sandbox = await this.networks.sandboxes.create({ name })
    await sandbox.connect(network, options)
    return sandbox
  }

  /** The namespace of a sandbox, with a stack in it; gone with the lab. */
  async inside(sandbox: Sandbox): Promise<Machine> {
    const namespace = await sandbox.openNamespace()
    const stack = await NetworkStack.open({ namespace })
    this.#open.push(async () => {
      await stack.close()
      await namespace.close()
    })
    return { namespace, stack }
  }

  /** A server of TCP and UDP in a sandbox or on a machine; it says its name, and who asks. */
  async serve(place: Sandbox | Machine, name: string, port: number, family: Family = 'inet'): Promise<void> {
    const namespace = await this.#namespaceOf(place)
    this.#open.push(await serve(namespace, name, port, family))
  }

  /** What the server at an address says; it must answer. */
  async ask(
    from: Sandbox | Machine,
    protocol: Protocol,
    address: string,
    port: number
  ): Promise<string | undefined> {
    return this.#ask(from, protocol, address, port, patience)
  }

  /** As `ask`, where nobody should answer. */
  async tries(
    from: Sandbox | Machine,
    protocol: Protocol,
    address: string,
    port: number
  ): Promise<string | undefined> {
    return this.#ask(from, protocol, address, port, silence)
  }

  /** Runs a program in a sandbox or on a machine; its standard output. */
  async run(place: Sandbox | Machine, program: string, ...args: string[]): Promise<string> {
    if ('stack' in place) return execute('nsenter', [`--net=${place.namespace.path}`, program, ...args])
    const process = await place.spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const [out, error] = await Promise.all([process.stdout!.toArray(), process.stderr!.toArray()])
    const { code } = await process.exited
    if (code !== 0) throw new Error(`${program} ${args.join(' ')}: ${Buffer.concat(error).toString().trim()}`)
    return Buffer.concat(out).toString()
  }

  /** Whether one ping is answered within a second. */
  async pings(from: Sandbox | Machine, address: string): Promise<boolean> {
    return this.run(from, 'ping', '-c', '1', '-W', '1', address).then(
      () => true,
      () => false
    )
  }

  /** All that `nft` lists on the host. */
  rules(): Promise<string> {
    return this.run(this.host, 'nft', '-n', 'list', 'ruleset')
  }

  /** The names of the links of the host that are not its own. */
  async links(): Promise<string[]> {
    const links = await this.host.stack.links.list()
    return links.map(({ name }) => name).filter((name) => name !== 'lo' && name !== 'uplink')
  }

  async #namespaceOf(place: Sandbox | Machine): Promise<NetworkNamespace> {
    if ('stack' in place) return place.namespace
    const namespace = await place.openNamespace()
    this.#open.push(() => namespace.close())
    return namespace
  }

  async #ask(
    from: Sandbox | Machine,
    protocol: Protocol,
    address: string,
    port: number,
    milliseconds: number
  ): Promise<string | undefined> {
    const asker = await client(await this.#namespaceOf(from), protocol, address, port)
    try {
      return await asker.ask(milliseconds)
    } finally {
      asker.close()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const close of this.#open.reverse()) await close()
    await this.#networks?.close()
    for (const { stack, namespace } of [this.outside, this.host]) {
      await stack.close()
      await namespace.close()
    }
  }
}
