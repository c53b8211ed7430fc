import { Batch } from './batch.js'
import { Conntrack } from './netfilter/conntrack/index.js'
import { within } from './codec/index.js'
import { NetworkNamespace } from './namespace/index.js'
import type { NamespaceReference } from './namespace/index.js'
import { checkInteger, checkObject } from './namespace/options.js'
import { NetlinkConnection, checkCallOptions } from './netlink/index.js'
import type { ConnectionOptions } from './netlink/index.js'
import { Nftables } from './netfilter/nftables/index.js'
import type { NftablesOptions } from './netfilter/nftables/index.js'
import { Addresses } from './rtnetlink/address/index.js'
import { Bridge } from './rtnetlink/bridge/index.js'
import { Links } from './rtnetlink/link/index.js'
import { resolveLinkNames } from './rtnetlink/link-lookup.js'
import { Monitor } from './rtnetlink/monitor/index.js'
import type { MonitorOptions, MonitoredObject } from './rtnetlink/monitor/index.js'
import { Neighbors } from './rtnetlink/neighbor/index.js'
import { NextHops } from './rtnetlink/nexthop/index.js'
import { Routes } from './rtnetlink/route/index.js'
import { Rules } from './rtnetlink/rule/index.js'
import { NETLINK_ROUTE } from './rtnetlink/rtnetlink.js'

export interface NetworkStackOptions {
  /**
   * Where: a `NetworkNamespace`, or what opens one (a name in `/run/netns`, `{ path }`, `{ pid }`, `{ fd }`).
   * Without it, the namespace that the calling thread is in now. The stack keeps a descriptor of its own.
   */
  readonly namespace?: NetworkNamespace | NamespaceReference | undefined
  /** Bytes of receive buffer; the kernel's default (`net.core.rmem_default`) when absent. */
  readonly receiveBuffer?: number | undefined
  /** Milliseconds for calls that give no `timeout` of their own; none when absent. */
  readonly timeout?: number | undefined
  /** Limits of the connection that nftables is reached by. */
  readonly nftables?: NftablesOptions | undefined
}

/** The network stack of one namespace: its links, addresses, routes and so on. */
export class NetworkStack {
  readonly addresses: Addresses
  readonly bridge: Bridge
  readonly conntrack: Conntrack
  readonly neighbors: Neighbors
  readonly nexthops: NextHops
  /** Packet filtering and address translation. Its connection is opened at its first use. */
  readonly nftables: Nftables
  readonly routes: Routes
  readonly rules: Rules
  readonly links: Links
  readonly #connection: NetlinkConnection

  private constructor(connection: NetlinkConnection, nftables?: NftablesOptions) {
    this.#connection = connection
    this.links = new Links(connection)
    this.addresses = new Addresses(connection)
    this.bridge = new Bridge(connection)
    this.conntrack = new Conntrack(connection)
    this.neighbors = new Neighbors(connection)
    this.nexthops = new NextHops(connection)
    this.nftables = new Nftables(connection, nftables)
    this.routes = new Routes(connection)
    this.rules = new Rules(connection)
  }

  /**
   * Opens the stack of a namespace. Rejects with `ENOENT` if there is no such namespace, `EPERM` where
   * entering it isn't allowed, `ERR_CLOSED` if it is closed, and `ERR_UNSUPPORTED_PLATFORM` off Linux.
   */
  static async open(options: NetworkStackOptions = {}): Promise<NetworkStack> {
    checkObject(
      options,
      ['namespace', 'receiveBuffer', 'timeout', 'nftables'],
      'an object such as { namespace }'
    )
    const { namespace, nftables, ...rest } = options
    checkNftables(nftables)
    if (namespace === undefined || namespace instanceof NetworkNamespace) {
      return NetworkStack.#connect({ ...rest, namespace: namespace?.native }, nftables)
    }
    const opened = await NetworkNamespace.open(namespace)
    try {
      return await NetworkStack.#connect({ ...rest, namespace: opened.native }, nftables)
    } finally {
      await opened.close()
    }
  }

  static async #connect(
    options: Omit<ConnectionOptions, 'protocol' | 'resolveNames'>,
    nftables: NftablesOptions | undefined
  ): Promise<NetworkStack> {
    checkOptions(options)
    const connection = await NetlinkConnection.open({
      ...options,
      protocol: NETLINK_ROUTE,
      resolveNames: resolveLinkNames
    })
    return new NetworkStack(connection, nftables)
  }

  /** Changes to be sent together. */
  batch(): Batch {
    return new Batch(this.#connection)
  }

  /**
   * Follows what changes, from this call on. Read the result with `for await`; ending the loop, or `close()`,
   * releases it.
   */
  monitor<const O extends MonitoredObject = MonitoredObject>(options: MonitorOptions<O> = {}): Monitor<O> {
    return new Monitor(this.#connection, options)
  }

  /** Settles everything that is pending and closes the sockets. It can be repeated. */
  async close(): Promise<void> {
    await this.#connection.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

function checkOptions(options: Pick<ConnectionOptions, 'receiveBuffer' | 'timeout'>): void {
  checkInteger(options.receiveBuffer, 'receiveBuffer', 1, 0x7fffffff)
  checkCallOptions({ timeout: options.timeout })
}

function checkNftables(options: NftablesOptions | undefined): void {
  if (options === undefined) return
  within('nftables', () => {
    checkObject(options, ['sendBuffer', 'receiveBuffer'], 'an object such as { sendBuffer }')
    checkInteger(options.sendBuffer, 'sendBuffer', 1, 0x3fffffff)
    checkInteger(options.receiveBuffer, 'receiveBuffer', 1, 0x3fffffff)
  })
}
