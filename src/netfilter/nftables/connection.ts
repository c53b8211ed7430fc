import { NetlinkSubscription, closedError } from '../../netlink/index.js'
import type { Closable, NetlinkConnection } from '../../netlink/index.js'
import { NETLINK_NETFILTER } from '../nfnetlink.js'

/** Opens the connection that the rule set is reached by, at its first use. */
export type OpenConnection = () => Promise<NetlinkConnection>

/** Limits of the connection; nothing is reserved. Inside a user namespace the system's limits hold. */
export interface NftablesOptions {
  /** Bytes of send buffer, in which a transaction must fit: 64 MiB by default. The kernel doubles it. */
  readonly sendBuffer?: number | undefined
  /** Bytes of receive buffer: the 8 MiB by default hold the errors of some ten thousand operations. */
  readonly receiveBuffer?: number | undefined
}

const mebibyte = 1024 * 1024

/** How the rule set is reached: a connection, and what listens beside it. */
export interface NetfilterChannel {
  readonly open: OpenConnection
  /** Listens to multicast groups. What is sent over the connection from now on is seen. */
  subscribe(groups: readonly number[], receiveBuffer: number | undefined): Promise<NetlinkSubscription>
  /** Closes `child` along with the stack. */
  attach(child: Closable): void
  detach(child: Closable): void
}

/** Opens it beside another, with which it is closed. */
export function netfilterChannel(
  beside: NetlinkConnection,
  { sendBuffer = 64 * mebibyte, receiveBuffer = 8 * mebibyte }: NftablesOptions = {}
): NetfilterChannel {
  let opened: Promise<NetlinkConnection> | undefined
  let listening: Promise<unknown> = Promise.resolve()
  const connect = async (): Promise<NetlinkConnection> => {
    const connection = await beside.sibling({ protocol: NETLINK_NETFILTER, sendBuffer, receiveBuffer })
    beside.attach(connection)
    return connection
  }
  return {
    async open() {
      opened ??= connect().catch((error: unknown) => {
        opened = undefined
        throw error
      })
      await listening
      return opened
    },
    async subscribe(groups, buffer) {
      if (beside.closed) throw closedError()
      const { namespace } = beside
      const subscription = NetlinkSubscription.open({
        protocol: NETLINK_NETFILTER,
        groups,
        namespace,
        receiveBuffer: buffer
      })
      listening = Promise.allSettled([listening, subscription])
      return subscription
    },
    attach: (child) => beside.attach(child),
    detach: (child) => beside.detach(child)
  }
}
