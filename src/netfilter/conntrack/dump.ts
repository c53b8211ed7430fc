import type { DumpRequest } from '../../netlink/index.js'
import { readConnection } from './connection.js'
import type { Connection } from './connection.js'
import { checkFilter } from './filter.js'
import type { ConnectionFilter } from './filter.js'
import { IPCTNL_MSG_CT_GET, IPCTNL_MSG_CT_NEW, filterMessage } from './schema.js'

/** Asks for the connections that match; `restricts` is false if that is all of them. */
export function connectionDump(
  filter: ConnectionFilter,
  method = 'conntrack.list',
  bigint = false
): DumpRequest<Connection> & { readonly restricts: boolean } {
  const { request, restricts, matches } = checkFilter(filter)
  return {
    restricts,
    request: { method, input: filter },
    syscall: 'IPCTNL_MSG_CT_GET',
    type: IPCTNL_MSG_CT_GET,
    schema: filterMessage,
    write: (writer) => filterMessage.write(writer, request),
    read(message) {
      if (message.type !== IPCTNL_MSG_CT_NEW) return undefined
      const connection = readConnection(message, bigint)
      return matches(connection) ? connection : undefined
    }
  }
}
