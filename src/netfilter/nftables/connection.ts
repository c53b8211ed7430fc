import type { NetlinkConnection } from '../../netlink/index.js'
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

/** Opens it beside another, with which it is closed. */
export function netfilterConnection(
  beside: NetlinkConnection,
  { sendBuffer = 64 * mebibyte, receiveBuffer = 8 * mebibyte }: NftablesOptions = {}
): OpenConnection {
  let opened: Promise<NetlinkConnection> | undefined
  const open = async (): Promise<NetlinkConnection> => {
    const connection = await beside.sibling({ protocol: NETLINK_NETFILTER, sendBuffer, receiveBuffer })
    beside.attach(connection)
    return connection
  }
  return () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }
}
