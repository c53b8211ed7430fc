import { InvalidType, invalidType } from '../../../codec/index.js'
import { NLM_F_APPEND, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE } from '../../../netlink/index.js'
import type { NetlinkConnection, Operation } from '../../../netlink/index.js'
import { linkReferences } from '../../link-ref.js'
import { RTM_DELNEIGH, RTM_GETNEIGH, RTM_NEWNEIGH } from '../../neighbor/schema.js'
import { fdbInput, fdbKeyInput, readFdbEntry } from './entry.js'
import type { FdbEntry, FdbKey, FdbSpec } from './entry.js'
import { fdbMessage } from './schema.js'

/** The verbs on forwarding databases that are one request each. */
export const fdbOperations = {
  add: (connection: NetlinkConnection, entry: FdbSpec) =>
    change(connection, 'bridge.fdb.add', entry, NLM_F_CREATE | NLM_F_EXCL),

  append: (connection: NetlinkConnection, entry: FdbSpec) =>
    change(connection, 'bridge.fdb.append', checkAppended(entry), NLM_F_CREATE | NLM_F_APPEND),

  replace: (connection: NetlinkConnection, entry: FdbSpec) =>
    change(connection, 'bridge.fdb.replace', entry, NLM_F_CREATE | NLM_F_REPLACE),

  delete: (connection: NetlinkConnection, entry: FdbKey): Operation<void> => {
    const { needs, resolve } = links(entry, connection)
    return {
      request: { method: 'bridge.fdb.delete', input: entry },
      syscall: 'RTM_DELNEIGH',
      type: RTM_DELNEIGH,
      flags: 0,
      schema: fdbMessage,
      needs,
      write: (writer, indexOf) => fdbMessage.write(writer, fdbKeyInput(resolve(indexOf))),
      explain: (code) => (code === 'ENOENT' ? 'there is no such entry' : undefined)
    }
  }
} as const

/** Asks for one entry. */
export function fdbGet(connection: NetlinkConnection, entry: FdbKey): Operation<FdbEntry> {
  const { needs, resolve } = links(entry, connection)
  return {
    request: { method: 'bridge.fdb.get', input: entry },
    syscall: 'RTM_GETNEIGH',
    type: RTM_GETNEIGH,
    flags: 0,
    schema: fdbMessage,
    needs,
    replies: true,
    write(writer, indexOf) {
      const { link, macAddress, vlan, vni, flags } = fdbKeyInput(resolve(indexOf))
      fdbMessage.write(writer, { link, macAddress, vlan, vni, flags })
    },
    read: ([message]) => readFdbEntry(message!)!
  }
}

function change(
  connection: NetlinkConnection,
  method: string,
  entry: FdbSpec,
  flags: number
): Operation<void> {
  const { needs, resolve } = links(entry, connection)
  return {
    request: { method, input: entry },
    syscall: 'RTM_NEWNEIGH',
    type: RTM_NEWNEIGH,
    flags,
    schema: fdbMessage,
    needs,
    write: (writer, indexOf) => fdbMessage.write(writer, fdbInput(resolve(indexOf)))
  }
}

/** Only for traffic to many can there be several destinations; for others the kernel ignores the new one. */
function checkAppended(entry: FdbSpec): FdbSpec {
  checkEntry(entry)
  const { macAddress, destination } = entry
  if (destination === undefined || typeof macAddress !== 'string') return entry
  const isGroup = (parseInt(macAddress, 16) & 1) === 1 || /^[0:-]+$/.test(macAddress)
  if (isGroup) return entry
  const expected = 'a multicast address or 00:00:00:00:00:00, which alone can have several destinations'
  throw new InvalidType(macAddress, expected, 'ERR_INVALID_ARG_VALUE').within('macAddress')
}

function links<T extends FdbKey>(entry: T, connection: NetlinkConnection) {
  checkEntry(entry)
  if (entry.link === undefined) throw new InvalidType(undefined, 'given', 'ERR_MISSING_FIELD').within('link')
  return linkReferences(entry, ['link', 'outputLink'], connection)
}

function checkEntry(entry: unknown): void {
  if (typeof entry !== 'object' || entry === null) {
    invalidType(entry, 'an entry of a forwarding database: an object')
  }
}
