import { InvalidType, within } from '../../codec/index.js'
import type { Operation } from '../../netlink/index.js'
import { checkFilterKeys } from './check.js'
import { checkFilter } from './filter.js'
import { IPCTNL_MSG_CT_DELETE, filterMessage } from './schema.js'
import type { ConnectionStatusSpec } from './status.js'

/** What one direction is like: whole IPv4 addresses, and ports. */
export interface ExactDirection {
  readonly source?: string | undefined
  readonly destination?: string | undefined
  readonly sourcePort?: number | undefined
  readonly destinationPort?: number | undefined
}

/** Which IPv4 connections, in the terms that every kernel with such a filter compares rightly. */
export interface ExactFilter {
  readonly protocol: 'tcp' | 'udp'
  readonly original?: ExactDirection | undefined
  readonly reply?: ExactDirection | undefined
  /** Bits of the status that must be set. */
  readonly status?: readonly ConnectionStatusSpec[] | undefined
}

const filterKeys = ['protocol', 'original', 'reply', 'status']
const directionKeys = ['source', 'destination', 'sourcePort', 'destinationPort']

/**
 * Asks the kernel to delete what matches. A kernel that knows of no filter here takes the tuple for that of one
 * connection, finds it incomplete and answers `EINVAL`: it deletes everything only where no tuple is given.
 */
export function deleteMatching(filter: ExactFilter): Operation<void> {
  checkFilterKeys(filter, filterKeys)
  const { protocol } = filter
  if (protocol !== 'tcp' && protocol !== 'udp') {
    throw new InvalidType(protocol, '"tcp" or "udp"', 'ERR_INVALID_ARG_VALUE').within('protocol')
  }
  let given = 0
  for (const key of ['original', 'reply'] as const) {
    const direction = filter[key]
    if (direction === undefined) continue
    within(key, () => checkFilterKeys(direction, directionKeys))
    for (const end of ['source', 'destination'] as const) {
      if (direction[end]?.includes('/') !== true) continue
      throw new InvalidType(direction[end], 'a whole address', 'ERR_INVALID_ARG_VALUE')
        .within(end)
        .within(key)
    }
    given += Object.values(direction).filter((value) => value !== undefined).length
  }
  if (given === 0) throw new InvalidType(filter, 'a filter with an address or a port', 'ERR_MISSING_FIELD')
  const { request } = checkFilter({ ...filter, family: 'inet' })
  return {
    request: { method: 'conntrack.deleteMatching', input: filter },
    syscall: 'IPCTNL_MSG_CT_DELETE',
    type: IPCTNL_MSG_CT_DELETE,
    flags: 0,
    schema: filterMessage,
    write: (writer) => filterMessage.write(writer, request),
    explain: (code) => (code === 'EINVAL' ? 'this kernel deletes connections one by one alone' : undefined)
  }
}
