import { NLM_F_CREATE, NLM_F_EXCL, NetlinkError, errnoOf } from '../../netlink/index.js'
import type { Operation } from '../../netlink/index.js'
import { changeInput, connectionInput, keyInput, readConnection } from './connection.js'
import type { Connection, ConnectionChange, ConnectionKey, ConnectionSpec } from './connection.js'
import { IPCTNL_MSG_CT_DELETE, IPCTNL_MSG_CT_GET, IPCTNL_MSG_CT_NEW, connectionMessage } from './schema.js'
import type { ConnectionMessageInput } from './schema.js'

/** The verbs on connections that are one request each. */
export const connectionOperations = {
  create: (connection: ConnectionSpec): Operation<void> => ({
    ...request('conntrack.create', connection, () => connectionInput(connection)),
    syscall: 'IPCTNL_MSG_CT_NEW',
    type: IPCTNL_MSG_CT_NEW,
    flags: NLM_F_CREATE | NLM_F_EXCL,
    explain: (code) => (code === 'EEXIST' ? 'there is a connection with this tuple already' : explain(code))
  }),

  update: (connection: ConnectionKey, change: ConnectionChange): Operation<void> => ({
    ...request('conntrack.update', { connection, change }, () => changeInput(connection, change)),
    syscall: 'IPCTNL_MSG_CT_NEW',
    type: IPCTNL_MSG_CT_NEW,
    flags: 0,
    explain
  }),

  delete: (connection: ConnectionKey): Operation<void> => ({
    ...request('conntrack.delete', connection, () => keyInput(connection)),
    syscall: 'IPCTNL_MSG_CT_DELETE',
    type: IPCTNL_MSG_CT_DELETE,
    flags: 0,
    explain
  }),

  get: (connection: ConnectionKey, bigint = false): Operation<Connection> => {
    const asked = request('conntrack.get', connection, () => keyInput(connection))
    return {
      ...asked,
      syscall: 'IPCTNL_MSG_CT_GET',
      type: IPCTNL_MSG_CT_GET,
      flags: 0,
      replies: true,
      explain,
      read([message]) {
        const found = readConnection(message!, bigint)
        if (connection.id === undefined || connection.id === found.id) return found
        // The kernel looks at the tuple alone.
        const errno = errnoOf('ENOENT')
        const details = { errno, syscall: 'IPCTNL_MSG_CT_GET', request: asked.request }
        throw new NetlinkError({ ...details, explanation: explain('ENOENT') })
      }
    }
  }
} as const

function explain(code: string): string | undefined {
  switch (code) {
    case 'ENOENT':
      return 'there is no such connection'
    case 'EBUSY':
      return 'the kernel does not let this part of a connection be changed so'
    case 'ENOSPC':
      return 'no rule of the namespace uses connection labels'
    default:
      return undefined
  }
}

function request(
  method: string,
  input: unknown,
  make: () => ConnectionMessageInput
): Pick<Operation<void>, 'request' | 'schema' | 'write'> {
  return {
    request: { method, input },
    schema: connectionMessage,
    write: (writer) => connectionMessage.write(writer, make())
  }
}
