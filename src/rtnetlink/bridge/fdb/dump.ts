import { Writer, mac, u16, within } from '../../../codec/index.js'
import type { DumpRequest, NetlinkConnection } from '../../../netlink/index.js'
import { checkFilter, filterValue } from '../../filter.js'
import { linkReferences } from '../../link-ref.js'
import type { LinkRef } from '../../link-ref.js'
import { NDA_IFINDEX, NDA_MASTER, RTM_GETNEIGH, RTM_NEWNEIGH } from '../../neighbor/schema.js'
import { AF_BRIDGE } from '../../rtnetlink.js'
import { readFdbEntry } from './entry.js'
import type { FdbEntry, FdbState } from './entry.js'
import { fdbMessage, fdbState } from './schema.js'

/** Which entries to list. Absent properties do not restrict; `link` and `master` filter in the kernel. */
export interface FdbFilter {
  /** A port of a bridge, or a link with a list of its own. */
  readonly link?: LinkRef | undefined
  /** A bridge. */
  readonly master?: LinkRef | undefined
  readonly macAddress?: string | undefined
  readonly vlan?: number | undefined
  readonly state?: FdbState | undefined
}

const filterKeys = ['link', 'master', 'macAddress', 'vlan', 'state']

/** Asks for the entries that match. */
export function fdbDump(
  connection: NetlinkConnection,
  filter: FdbFilter,
  method = 'bridge.fdb.list'
): DumpRequest<FdbEntry> {
  checkFilter(filter, filterKeys)
  const { needs, resolve } = linkReferences(filter, ['link', 'master'], connection)
  const { vlan } = filter
  const scratch = new Writer(16)
  if (vlan !== undefined) within('vlan', () => u16.within({ min: 1, max: 4094 }).write(scratch, vlan))
  const state = filterValue(fdbState, filter.state, 'state')
  const macAddress = filter.macAddress === undefined ? undefined : canonical(filter.macAddress)
  return {
    request: { method, input: filter },
    syscall: 'RTM_GETNEIGH',
    type: RTM_GETNEIGH,
    schema: fdbMessage,
    needs,
    write(writer, indexOf) {
      const base = writer.zeros(fdbMessage.headerSize)
      writer.bytes[base] = AF_BRIDGE
      const { link, master } = resolve(indexOf)
      for (const [attribute, index] of [
        [NDA_IFINDEX, link],
        [NDA_MASTER, master]
      ] as const) {
        if (typeof index !== 'number') continue
        const start = writer.beginAttribute(attribute)
        writer.u32(index)
        writer.endAttribute(start)
      }
    },
    read(message) {
      if (message.type !== RTM_NEWNEIGH) return undefined
      const entry = readFdbEntry(message)
      if (entry === undefined) return undefined
      if (vlan !== undefined && entry.vlan !== vlan) return undefined
      if (state !== undefined && entry.state !== state) return undefined
      if (macAddress !== undefined && entry.macAddress !== macAddress) return undefined
      return entry
    }
  }
}

/** An address in the form in which it is read. */
function canonical(address: string): string {
  const writer = new Writer(16)
  within('macAddress', () => mac.write(writer, address))
  return mac.read(writer.bytes, 0, 6)
}
