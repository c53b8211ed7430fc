/** Requests about one link that take one message each. */
import { isInterfaceName, within } from '../../codec/index.js'
import type { ReadOptions } from '../../codec/index.js'
import type { NetlinkConnection, Operation, RequestDescription } from '../../netlink/index.js'
import { checkLinkRef } from '../link-ref.js'
import type { LinkRef } from '../link-ref.js'
import { readLink } from './link.js'
import type { Link } from './link.js'
import { namespacesAmong } from './namespace-target.js'
import { resolvable } from './reference.js'
import {
  RTM_DELLINK,
  RTM_DELLINKPROP,
  RTM_GETLINK,
  RTM_NEWLINK,
  RTM_NEWLINKPROP,
  filterMask,
  linkFields,
  linkLocator,
  linkMessage,
  linkSelector
} from './schema.js'
import { portInfo, writeLink } from './wire.js'
import type { LinkParts } from './wire.js'

/** A link by its index, or by a name that the kernel itself looks up. */
export type LinkTarget = string | number

/** Words for a link that isn't there. */
function noSuchLink(target: LinkTarget): string {
  return typeof target === 'string' ? `no link is named "${target}"` : `no link has the index ${target}`
}

/** The fields of a message that say which link it is about. */
function selector(target: LinkTarget): { index: number } | { name: string } | { alternativeName: string } {
  if (typeof target === 'number') return { index: target }
  return isInterfaceName(target) ? { name: target } : { alternativeName: target }
}

/** Reads one link. */
export function getLink(
  connection: NetlinkConnection,
  ref: LinkRef,
  options: ReadOptions = {},
  request?: RequestDescription
): Operation<Link> {
  const target = checkLinkRef(ref, connection, 'link')
  return {
    request: request ?? { method: 'links.get', input: target },
    syscall: 'RTM_GETLINK',
    type: RTM_GETLINK,
    flags: 0,
    schema: linkLocator,
    replies: true,
    write: (writer) => linkSelector.write(writer, { ...selector(target), filterMask }),
    read: ([message]) => readLink(message!, connection, options),
    explain: (code) => (code === 'ENODEV' ? noSuchLink(target) : undefined)
  }
}

/** Deletes one link. */
export function deleteLink(connection: NetlinkConnection, ref: LinkRef): Operation<void> {
  const target = checkLinkRef(ref, connection, 'link')
  return {
    request: { method: 'links.delete', input: target },
    syscall: 'RTM_DELLINK',
    type: RTM_DELLINK,
    flags: 0,
    schema: linkLocator,
    write: (writer) => linkSelector.write(writer, selector(target)),
    explain(code) {
      if (code === 'ENODEV') return noSuchLink(target)
      return code === 'EOPNOTSUPP' ? 'links of this kind can not be deleted' : undefined
    }
  }
}

/** Adds alternative names to a link, or takes them away. */
export function changeNames(
  target: LinkTarget,
  verb: 'add' | 'delete',
  names: readonly string[],
  request: RequestDescription
): Operation<void> {
  return {
    request,
    syscall: verb === 'add' ? 'RTM_NEWLINKPROP' : 'RTM_DELLINKPROP',
    type: verb === 'add' ? RTM_NEWLINKPROP : RTM_DELLINKPROP,
    flags: 0,
    schema: linkLocator,
    write: (writer) =>
      linkMessage.write(writer, { ...selector(target), properties: { alternativeNames: [...names] } }),
    explain: (code) => (code === 'ENODEV' ? noSuchLink(target) : undefined)
  }
}

/** Changes a link by one message. Alternative names are not its affair. */
export function changeLink(
  connection: NetlinkConnection | undefined,
  target: LinkTarget,
  parts: Pick<LinkParts, 'fields'> & Partial<Pick<LinkParts, 'namespace' | 'nest' | 'port'>>,
  request: RequestDescription
): Operation<void> {
  const { fields, namespace, nest, port } = parts
  const references = resolvable(linkFields, fields, connection)
  // A new name, and a group, would be taken for what the link is found by.
  const byIndex = typeof target === 'string' && ('name' in fields || 'group' in fields)
  const needs = [...references.needs, ...(nest?.data?.needs ?? []), ...(port?.data?.needs ?? [])]
  return {
    request,
    syscall: 'RTM_NEWLINK',
    type: RTM_NEWLINK,
    flags: 0,
    schema: linkLocator,
    needs: byIndex ? [...needs, target] : needs,
    namespaces: namespacesAmong(namespace),
    write(writer, indexOf) {
      const data = nest?.data?.resolve(indexOf)
      writeLink(writer, {
        fields: { ...references.resolve(indexOf), ...selector(byIndex ? indexOf(target) : target) },
        namespace,
        info: {
          ...(nest === undefined || data === undefined
            ? {}
            : {
                kindName: nest.kind.name,
                data: (inner) => within(nest.kind.name, () => nest.kind.change!.write(inner, data))
              }),
          ...portInfo(port, indexOf)
        }
      })
    },
    explain(code) {
      if (code === 'ENODEV') return noSuchLink(target)
      if (code === 'EOPNOTSUPP' && nest !== undefined)
        return `it is no ${nest.kind.name}, or that can't be changed`
      if (code === 'EOPNOTSUPP' && port !== undefined) return `it is no port of a ${port.kind.name}`
      return undefined
    }
  }
}
