import { within } from '../../codec/index.js'
import type { ReadOptions } from '../../codec/index.js'
import type { DumpRequest, NetlinkConnection } from '../../netlink/index.js'
import { checkFilter, filterValue } from '../filter.js'
import { checkLinkRef } from '../link-ref.js'
import type { LinkRef } from '../link-ref.js'
import { readLink } from './link.js'
import type { Link, LinkKindName } from './link.js'
import { writeLinkInfo } from './link-info.js'
import { linkGroup } from './names.js'
import { RTM_GETLINK, RTM_NEWLINK, filterMask, linkLocator, linkMessage } from './schema.js'

/** Which links to list. Absent properties do not restrict; kind and master filter in the kernel. */
export interface LinkFilter {
  /** A kind that netloom knows, or `'unknown'` for all others that are of some kind. */
  readonly kind?: LinkKindName | 'unknown' | undefined
  /** Any kind, as the kernel spells it. */
  readonly kindName?: string | undefined
  /** The ports of this link; `null` for the links that are ports of none. */
  readonly master?: LinkRef | null | undefined
  readonly up?: boolean | undefined
  readonly group?: Link['group']
  /** The link's name, or one of its alternative names. */
  readonly name?: string | undefined
  readonly alias?: string | undefined
  readonly macAddress?: string | undefined
}

const keys = ['kind', 'kindName', 'master', 'up', 'group', 'name', 'alias', 'macAddress']

/** The links of a stack that match. */
export function linkDump(
  connection: NetlinkConnection,
  filter: LinkFilter = {},
  options: ReadOptions = {},
  method = 'links.list'
): DumpRequest<Link> {
  checkFilter(filter, keys)
  const { master } = filter
  const target =
    master === undefined || master === null ? undefined : checkLinkRef(master, connection, 'master')
  const kindName = filter.kindName ?? (filter.kind === 'unknown' ? undefined : filter.kind)
  const group = filterValue(linkGroup, filter.group, 'group')
  const mac =
    filter.macAddress === undefined ? undefined : within('macAddress', () => normal(filter.macAddress!))
  let masterIndex: number | null | undefined = master === null ? null : undefined
  return {
    request: { method, input: filter },
    syscall: 'RTM_GETLINK',
    type: RTM_GETLINK,
    schema: linkLocator,
    needs: typeof target === 'string' ? [target] : undefined,
    write(writer, indexOf) {
      const index = typeof target === 'string' ? indexOf(target) : target
      if (index !== undefined) masterIndex = index
      linkMessage.write(writer, { master: index, filterMask })
      // A kind whose module isn't loaded doesn't restrict the kernel's answer: it is looked at again below.
      if (kindName !== undefined) writeLinkInfo(writer, { kindName })
    },
    read(message) {
      if (message.type !== RTM_NEWLINK) return undefined
      const link = readLink(message, connection, options)
      if (filter.kind !== undefined && link.kind !== filter.kind) return undefined
      if (kindName !== undefined && kindNameOf(link) !== kindName) return undefined
      if (masterIndex !== undefined && link.master !== (masterIndex ?? undefined)) return undefined
      if (filter.up !== undefined && link.up !== filter.up) return undefined
      if (group !== undefined && link.group !== group) return undefined
      if (filter.alias !== undefined && link.alias !== filter.alias) return undefined
      if (mac !== undefined && link.macAddress !== mac) return undefined
      const { name } = filter
      if (name !== undefined && link.name !== name && !link.alternativeNames.includes(name)) return undefined
      return link
    }
  }
}

function kindNameOf(link: Link): string | undefined {
  return link.kind === 'unknown' ? link.kindName : link.kind
}

function normal(macAddress: string): string {
  const bytes: string[] = []
  for (const octet of macAddress.toLowerCase().split(/[:-]/)) bytes.push(octet.padStart(2, '0'))
  return bytes.join(':')
}
