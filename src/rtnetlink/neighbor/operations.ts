import { invalidType } from '../../codec/index.js'
import type { NetlinkConnection, Operation } from '../../netlink/index.js'
import { NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE } from '../../netlink/index.js'
import { checkLinkRef } from '../link-ref.js'
import { isProxy, neighborInput, neighborKeyInput, readNeighbor } from './neighbor.js'
import type { Neighbor, NeighborKey, NeighborSpec } from './neighbor.js'
import type { NeighborMessageInput } from './schema.js'
import { RTM_DELNEIGH, RTM_GETNEIGH, RTM_NEWNEIGH, neighborMessage } from './schema.js'

/** The verbs on neighbours that are one request each. */
export const neighborOperations = {
  add: (connection: NetlinkConnection, neighbor: NeighborSpec) =>
    change(connection, 'neighbors.add', neighbor, NLM_F_CREATE | NLM_F_EXCL),

  replace: (connection: NetlinkConnection, neighbor: NeighborSpec) =>
    change(connection, 'neighbors.replace', neighbor, NLM_F_CREATE | NLM_F_REPLACE),

  change: (connection: NetlinkConnection, neighbor: NeighborSpec) =>
    change(connection, 'neighbors.change', neighbor, NLM_F_REPLACE),

  delete: (connection: NetlinkConnection, neighbor: NeighborKey): Operation<void> => ({
    ...request(connection, 'neighbors.delete', neighbor, neighborKeyInput),
    syscall: 'RTM_DELNEIGH',
    type: RTM_DELNEIGH,
    flags: 0,
    explain
  })
} as const

/** Asks for one neighbour. */
export function neighborGet(connection: NetlinkConnection, neighbor: NeighborKey): Operation<Neighbor> {
  return {
    ...request(connection, 'neighbors.get', neighbor, neighborKeyInput),
    syscall: 'RTM_GETNEIGH',
    type: RTM_GETNEIGH,
    flags: 0,
    replies: true,
    read: ([message]) => readNeighbor(message!)!
  }
}

function change(
  connection: NetlinkConnection,
  method: string,
  neighbor: NeighborSpec,
  flags: number
): Operation<void> {
  return {
    ...request(connection, method, neighbor, neighborInput),
    syscall: 'RTM_NEWNEIGH',
    type: RTM_NEWNEIGH,
    flags,
    explain
  }
}

function explain(code: string): string | undefined {
  if (code === 'EEXIST') return 'there is a neighbour with this address already'
  return code === 'ENOENT' ? 'there is no neighbour with this address' : undefined
}

function request<T extends NeighborKey>(
  connection: NetlinkConnection,
  method: string,
  neighbor: T,
  input: (neighbor: T, link: number) => NeighborMessageInput
): Pick<Operation<void>, 'request' | 'schema' | 'needs' | 'write'> {
  if (typeof neighbor !== 'object' || neighbor === null) invalidType(neighbor, 'a neighbour: an object')
  // Deleting a proxy entry that serves all links is the one case without a link.
  const link = neighbor.link === 0 && isProxy(neighbor) ? 0 : checkLinkRef(neighbor.link, connection, 'link')
  return {
    request: { method, input: { ...neighbor, link } },
    schema: neighborMessage,
    needs: typeof link === 'string' ? [link] : undefined,
    write(writer, indexOf) {
      neighborMessage.write(writer, input(neighbor, typeof link === 'number' ? link : indexOf(link)))
    }
  }
}
