import type {
  CallOptions,
  NetlinkConnection,
  Operation,
  RequestDescription,
  Runner
} from '../../netlink/index.js'
import { checkLinkRef } from '../link-ref.js'
import type { LinkRef } from '../link-ref.js'
import type { Link, LinkChange } from './link.js'
import { connectTo } from './namespace-target.js'
import { changeLink, changeNames, getLink } from './requests.js'
import type { LinkTarget } from './requests.js'
import { changedKind, checkEncodes, linkParts, pick } from './wire.js'
import type { LinkParts } from './wire.js'

/** Changes a link: by one message where that will do. */
export function setLink(connection: NetlinkConnection, ref: LinkRef, change: LinkChange): Operation<void> {
  const target = checkLinkRef(ref, connection, 'link')
  const request: RequestDescription = { method: 'links.set', input: { link: target, change } }
  // What is named in another namespace is looked up there: a Link of any stack may be meant.
  const owner = change?.namespace === undefined ? connection : undefined
  const parts = linkParts(change, owner, [], changedKind)
  checkChange(owner, target, parts, request)
  const { alternativeNames, namespace, port, fields } = parts
  // The settings of a port are the new master's affair, which must be there first.
  const several = alternativeNames !== undefined || (port !== undefined && 'master' in fields)
  const elsewhere = namespace !== undefined && (port !== undefined || 'master' in fields)
  return several || elsewhere
    ? stagedChange(owner, connection, target, parts, request)
    : changeLink(owner, target, parts, request)
}

/** A change of several messages, of which the first finds out what is there. */
function stagedChange(
  owner: NetlinkConnection | undefined,
  connection: NetlinkConnection,
  target: LinkTarget,
  parts: LinkParts,
  request: RequestDescription
): Operation<void> {
  const { read, ...get } = getLink(connection, target, {}, request)
  return {
    ...get,
    async finish(runner, messages, options) {
      const link = read!(messages)
      if (parts.alternativeNames !== undefined)
        await replaceNames(runner, link, parts.alternativeNames, request, options)
      if (parts.namespace === undefined) return inTwoSteps(runner, owner, link.index, parts, request, options)
      const first = { ...parts, port: undefined, fields: pick(parts.fields, (key) => key !== 'master') }
      await runner.run(changeLink(owner, link.index, first, request), options)
      const master = pick(parts.fields, (key) => key === 'master')
      if (parts.port === undefined && !('master' in master)) return
      const home = await connectTo(parts.namespace)
      try {
        const later = { ...parts, fields: master, nest: undefined, namespace: undefined }
        const name = newName(parts) ?? link.name
        const { index } = await home.run(getLink(home, name, {}, request), options)
        await inTwoSteps(home, undefined, index, later, request, options)
      } finally {
        await home.close()
      }
    },
    // What it creates are names by which later operations may call the link.
    creates: parts.alternativeNames,
    blocking: true
  }
}

/** Everything but the settings of the port, and then these: they are the affair of the master. */
export async function inTwoSteps(
  runner: Runner,
  connection: NetlinkConnection | undefined,
  target: LinkTarget,
  parts: Pick<LinkParts, 'fields' | 'port'> & Partial<LinkParts>,
  request: RequestDescription,
  options: CallOptions
): Promise<void> {
  const { port, fields, nest } = parts
  const together = port !== undefined && !('master' in fields)
  const first = together ? parts : { ...parts, port: undefined }
  if (Object.keys(fields).length > 0 || nest?.data !== undefined || together)
    await runner.run(changeLink(connection, target, first, request), options)
  if (port !== undefined && !together)
    await runner.run(changeLink(connection, target, { fields: {}, port }, request), options)
}

/** Makes the alternative names of a link exactly these. */
async function replaceNames(
  runner: Runner,
  link: Link,
  names: readonly string[],
  request: RequestDescription,
  options: CallOptions
): Promise<void> {
  const surplus = link.alternativeNames.filter((name) => !names.includes(name))
  const lacking = names.filter((name) => !link.alternativeNames.includes(name))
  if (surplus.length > 0) await runner.run(changeNames(link.index, 'delete', surplus, request), options)
  if (lacking.length > 0) await runner.run(changeNames(link.index, 'add', lacking, request), options)
}

/** Encodes every message of a change and forgets it, so that nothing is sent of one that can't be right. */
export function checkChange(
  connection: NetlinkConnection | undefined,
  target: LinkTarget,
  parts: Pick<LinkParts, 'fields'> & Partial<LinkParts>,
  request: RequestDescription
): void {
  checkEncodes((writer) => changeLink(connection, target, parts, request).write(writer, () => 1))
}

/** The name that a change gives, unless the kernel completes it. */
function newName(parts: LinkParts): string | undefined {
  const { name } = parts.fields
  return typeof name === 'string' && !name.includes('%') ? name : undefined
}
