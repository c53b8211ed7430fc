import { randomBytes } from 'node:crypto'
import { invalidType, within } from '../../codec/index.js'
import type { Writer } from '../../codec/index.js'
import { NLM_F_CREATE, NLM_F_EXCL } from '../../netlink/index.js'
import type {
  CallOptions,
  IndexOf,
  NetlinkConnection,
  Operation,
  RequestDescription
} from '../../netlink/index.js'
import { checkChange, inTwoSteps } from './change.js'
import { kindNamed } from './kind-named.js'
import type { LinkKind } from './kind.js'
import type { BatchLinkSpec, Link } from './link.js'
import { connectTo, namespacesAmong } from './namespace-target.js'
import { resolvable } from './reference.js'
import { changeNames, deleteLink, getLink } from './requests.js'
import { RTM_NEWLINK, linkFields, linkLocator } from './schema.js'
import { linkParts, pick, refuse, writeLink } from './wire.js'
import type { Given, LinkParts } from './wire.js'

/** What the kernel takes no notice of when it makes a link: it is set afterwards. */
const later: readonly string[] = [
  'alias',
  'carrier',
  'protocolDown',
  'protocolDownReason',
  'addressGenerationMode',
  'operationalState'
]
/** The same for the other end of a pair, which moreover can't be up before its end is complete. */
const laterForPeers: readonly string[] = [...later, 'up', 'master']

/** What becomes of one link: what its creation says, and what is said afterwards. */
interface Plan {
  readonly parts: LinkParts
  readonly first: Given
  readonly rest: Given
  /** Where `rest` is not empty, or there are names to add or a port to set. */
  readonly continues: boolean
}

/** Whether the link is read back, as the kernel made it. */
export interface AddLinkOptions {
  /**
   * False saves an exchange, where one request is enough to make the link: the outcome then has no value. Default:
   * true.
   */
  readonly readBack?: boolean | undefined
}

/** Makes a link by one request, sets what the kernel ignores in that, and reads it back. */
export function addLink(
  connection: NetlinkConnection,
  spec: BatchLinkSpec,
  options: AddLinkOptions = {}
): Operation<Link> {
  return creation(connection, spec, options.readBack !== false)
}

/** The same without reading it back, where one request is enough. */
export function makeLink(connection: NetlinkConnection, spec: BatchLinkSpec): Operation<unknown> {
  return creation(connection, spec, false)
}

function creation(connection: NetlinkConnection, spec: BatchLinkSpec, readBack: boolean): Operation<Link> {
  const request: RequestDescription = { method: 'links.add', input: spec }
  const parts = linkParts(spec, connection, ['kind', 'kindName', 'data', 'peer'], kindOf)
  const given = spec as unknown as Given
  const { peer, data } = given
  const kind = kindNamed(given['kind'] as string)
  const kindName = kind?.name ?? (given['kindName'] as string)
  if (kind?.options.madeByIoctl === true)
    within('kind', () =>
      invalidType(kind.name, 'another kind: it is made by ioctl, by links.add or links.openTun')
    )
  const wanted = parts.fields['name'] ?? `${kindName}%d`
  const completed = typeof wanted === 'string' && wanted.includes('%')
  const provisional = completed ? provisionalName() : undefined
  const named = { ...parts, fields: { ...parts.fields, name: wanted } }
  const plan = planOf(named, provisional === undefined ? [] : ['name', 'up'], parts.namespace !== undefined)
  const peerPlan = kind?.options.peer === undefined ? undefined : planPeer(peer, connection, parts, request)
  checkPlan(connection, plan, request)
  const first = resolvable(linkFields, plan.first, connection)
  const name = provisional ?? (plan.first['name'] as string)
  return {
    request,
    syscall: 'RTM_NEWLINK',
    type: RTM_NEWLINK,
    flags: NLM_F_CREATE | NLM_F_EXCL,
    schema: linkLocator,
    needs: [...first.needs, ...(parts.nest?.data?.needs ?? [])],
    namespaces: namespacesAmong(parts.namespace, peerPlan?.parts.namespace),
    creates: [...(provisional === undefined ? namesOf(plan) : []), ...namesOf(peerPlan)],
    blocking: parts.alternativeNames !== undefined || peerPlan?.parts.alternativeNames !== undefined,
    write(writer, indexOf) {
      writeLink(writer, {
        fields: { ...first.resolve(indexOf), name },
        namespace: parts.namespace,
        info: {
          kindName,
          data:
            peerPlan !== undefined
              ? (inner) => writePeer(inner, kind!.options.peer!, peerPlan)
              : dataOf(parts, data, indexOf)
        }
      })
    },
    ...(readBack || plan.continues || peerPlan?.continues === true
      ? {
          finish: (_runner, _messages, options) => finish(connection, name, plan, peerPlan, request, options)
        }
      : {}),
    explain: (code) => explain(code, kindName)
  }
}

/** By which names later operations may call one end. */
function namesOf(plan: Plan | undefined): string[] {
  const name = plan?.first['name']
  return [...(typeof name === 'string' ? [name] : []), ...(plan?.parts.alternativeNames ?? [])]
}

function kindOf(given: Given): LinkKind | undefined {
  const { kind: name, kindName, data, peer } = given
  const kind = typeof name === 'string' ? kindNamed(name) : undefined
  if (kind === undefined && name !== 'unknown')
    within('kind', () => invalidType(name, 'the kind of link to make, such as "veth"'))
  if (kind === undefined) {
    if (typeof kindName !== 'string' || kindName === '')
      within('kindName', () => invalidType(kindName, 'the kind as the kernel spells it'))
    if (data !== undefined && !(data instanceof Uint8Array))
      within('data', () => invalidType(data, 'a Uint8Array'))
  } else {
    if (kindName !== undefined) refuse(given, 'kindName', 'absent: the kind is known')
    if (data !== undefined) refuse(given, 'data', `absent: it is for kinds that netloom doesn't know`)
  }
  if (peer !== undefined && kind?.options.peer === undefined)
    refuse(given, 'peer', `absent: a ${String(name)} is no pair`)
  if (kind?.options.needsLink === true && (given['link'] === undefined || given['link'] === null))
    within('link', () => invalidType(given['link'], `the link that a ${kind.name} sits on`))
  return kind
}

/** Tells what the kernel takes at creation from what it takes only afterwards. */
function planOf(parts: LinkParts, alsoLater: readonly string[], elsewhere: boolean): Plan {
  // A master is a link of the namespace that the link is put into.
  const delayed = [...later, ...alsoLater, ...(elsewhere ? ['master'] : [])]
  const isLater = (key: string): boolean =>
    delayed.includes(key) && !(key === 'up' && parts.fields['up'] === false)
  const rest = pick(parts.fields, isLater)
  return {
    parts,
    first: pick(parts.fields, (key) => !isLater(key)),
    rest,
    continues:
      Object.keys(rest).length > 0 || parts.port !== undefined || (parts.alternativeNames?.length ?? 0) > 0
  }
}

function planPeer(
  peer: unknown,
  connection: NetlinkConnection,
  own: LinkParts,
  request: RequestDescription
): Plan {
  return within('peer', () => {
    const parts = linkParts(peer ?? {}, undefined, [], () => undefined)
    for (const key of ['link', 'linkNamespaceId'])
      if (parts.fields[key] !== undefined) refuse(parts.fields, key, 'absent: it is the first end')
    // The kernel ignores it otherwise.
    if (parts.fields['index'] !== undefined && own.fields['index'] === undefined)
      refuse(parts.fields, 'index', 'absent unless the first end is given an index too')
    const plan = planOf(parts, laterForPeers, true)
    checkPlan(parts.namespace === undefined ? connection : undefined, plan, request)
    return plan
  })
}

/** Encodes what will be said afterwards, so that bad input is refused before anything is sent. */
function checkPlan(connection: NetlinkConnection | undefined, plan: Plan, request: RequestDescription): void {
  const { port } = plan.parts
  checkChange(
    plan.parts.namespace === undefined ? connection : undefined,
    1,
    { fields: plan.rest, port },
    request
  )
}

function dataOf(parts: LinkParts, raw: unknown, indexOf: IndexOf): ((writer: Writer) => void) | undefined {
  if (raw instanceof Uint8Array) return (writer) => writer.raw(raw)
  const { nest } = parts
  const data = nest?.kind.data
  if (nest === undefined || data === undefined) return undefined
  const settings = nest.data?.resolve(indexOf) ?? {}
  return (writer) => within(nest.kind.name, () => data.write(writer, settings as Record<string, never>))
}

function writePeer(writer: Writer, number: number, plan: Plan): void {
  const start = writer.beginAttribute(number)
  within('peer', () => writeLink(writer, { fields: plan.first, namespace: plan.parts.namespace }))
  writer.endAttribute(start)
}

/**
 * A name that nobody has: a link whose name the kernel completes can't be found by it, so that it is made
 * under this one and renamed.
 */
function provisionalName(): string {
  return `nl-${randomBytes(6).toString('hex')}`
}

/** Does what is left, reads the link back, and deletes it again if any of that fails. */
async function finish(
  connection: NetlinkConnection,
  name: string,
  plan: Plan,
  peer: Plan | undefined,
  request: RequestDescription,
  options: CallOptions
): Promise<Link> {
  const { namespace } = plan.parts
  const home = namespace === undefined ? connection : await connectTo(namespace)
  try {
    const made = await home.run(getLink(home, name, {}, request), options)
    if (!plan.continues && peer?.continues !== true) return made
    try {
      if (peer?.continues === true) await finishPeer(connection, made.link!, peer, request, options)
      if (plan.continues) await complete(home, made.index, plan, request, options)
      return await home.run(getLink(home, made.index, {}, request), options)
    } catch (error) {
      // Whatever became of it: the caller gets the first error.
      await home.run(deleteLink(home, made.index)).catch(() => undefined)
      throw error
    }
  } finally {
    if (home !== connection) await home.close()
  }
}

async function finishPeer(
  connection: NetlinkConnection,
  index: number,
  plan: Plan,
  request: RequestDescription,
  options: CallOptions
): Promise<void> {
  const { namespace } = plan.parts
  const home = namespace === undefined ? connection : await connectTo(namespace)
  try {
    await complete(home, index, plan, request, options)
  } finally {
    if (home !== connection) await home.close()
  }
}

async function complete(
  home: NetlinkConnection,
  index: number,
  plan: Plan,
  request: RequestDescription,
  options: CallOptions
): Promise<void> {
  const { alternativeNames, port, namespace } = plan.parts
  if (alternativeNames !== undefined && alternativeNames.length > 0)
    await home.run(changeNames(index, 'add', alternativeNames, request), options)
  const owner = namespace === undefined ? home : undefined
  await inTwoSteps(home, owner, index, { fields: plan.rest, port }, request, options)
}

function explain(code: string, kind: string): string | undefined {
  if (code === 'EOPNOTSUPP') return `the kernel has no link kind ${kind}, or can't make one this way`
  return undefined
}
