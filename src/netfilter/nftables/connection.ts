import type { NetlinkConnection } from '../../netlink/index.js'
import { NETLINK_NETFILTER } from '../nfnetlink.js'

/** Opens the connection that the rule set is reached by, at its first use. */
export type OpenConnection = () => Promise<NetlinkConnection>

/** A transaction is one datagram, and these are limits: nothing is reserved. */
const sendBuffer = 64 * 1024 * 1024
/** Room for the errors of some thousand operations. */
const receiveBuffer = 8 * 1024 * 1024

/** Opens it beside another, with which it is closed. */
export function netfilterConnection(beside: NetlinkConnection): OpenConnection {
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
