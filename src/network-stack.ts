import { Batch } from './batch.js'
import type { NativeNamespace } from './binding.js'
import { NetlinkConnection } from './netlink/index.js'
import { Addresses } from './rtnetlink/address/index.js'
import { resolveLinkNames } from './rtnetlink/link-lookup.js'
import { NETLINK_ROUTE } from './rtnetlink/rtnetlink.js'

export interface NetworkStackOptions {
  /** Where; without one, the namespace that the calling thread is in now. */
  readonly namespace?: { readonly native: NativeNamespace } | undefined
  /** Bytes of receive buffer; the kernel's default (`net.core.rmem_default`) when absent. */
  readonly receiveBuffer?: number | undefined
  /** Milliseconds for calls that give no `timeout` of their own; none when absent. */
  readonly timeout?: number | undefined
}

/** The network stack of one namespace: its links, addresses, routes and so on. */
export class NetworkStack {
  readonly addresses: Addresses
  readonly #connection: NetlinkConnection

  private constructor(connection: NetlinkConnection) {
    this.#connection = connection
    this.addresses = new Addresses(connection)
  }

  /** Opens the stack of a namespace. Throws `ENOENT`, `EPERM` or `ERR_UNSUPPORTED_PLATFORM`. */
  static async open(options: NetworkStackOptions = {}): Promise<NetworkStack> {
    const { namespace, receiveBuffer, timeout } = options
    return new NetworkStack(
      await NetlinkConnection.open({
        protocol: NETLINK_ROUTE,
        namespace: namespace?.native,
        receiveBuffer,
        timeout,
        resolveNames: resolveLinkNames
      })
    )
  }

  /** Changes to be sent together. */
  batch(): Batch {
    return new Batch(this.#connection)
  }

  /** Settles everything that is pending and closes the sockets. It can be repeated. */
  async close(): Promise<void> {
    await this.#connection.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
