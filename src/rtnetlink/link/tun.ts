import { binding } from '../../binding.js'
import type { NativeTun } from '../../binding.js'
import { InvalidType, interfaceName, within } from '../../codec/index.js'
import { NetlinkError, errnoOf, fromNative } from '../../netlink/index.js'
import type { CallOptions, NetlinkConnection, RequestDescription } from '../../netlink/index.js'
import { checkChange, inTwoSteps } from './change.js'
import { changeNames, deleteLink, getLink } from './requests.js'
import { tun } from './kinds/tun.js'
import type { Link, LinkSpec } from './link.js'
import { connectTo, openNative } from './namespace-target.js'
import { checkEncodes, linkParts, pick, refuse } from './wire.js'
import type { Given, LinkParts } from './wire.js'

/** A tun or tap link to make. */
export type TunSpec = Extract<LinkSpec, { readonly kind: 'tun' }>

/** A tun or tap link, as `Link` reads it. */
export type TunLink = Extract<Link, { readonly kind: 'tun' }>

/** A tun or tap link with the descriptor that its packets go through. */
export interface OpenTun {
  readonly link: TunLink
  /** Non-blocking. It is the caller's, who closes it; unless the link is persistent, it goes with it. */
  readonly fd: number
}

/** `IFF_*`, linux/if_tun.h */
const IFF_MULTI_QUEUE = 0x0100
const IFF_NO_PI = 0x1000
const IFF_VNET_HDR = 0x4000
const IFF_TUN_EXCL = 0x8000

/** What is settled when a link is made by netlink, and has no place here. */
const fixedElsewhere = ['index', 'link', 'linkNamespaceId', 'transmitQueues', 'receiveQueues']

interface Plan {
  readonly request: RequestDescription
  readonly parts: LinkParts
  readonly data: TunSpec['tun']
  readonly name: string
}

/** Makes a persistent link, which nobody has open. */
export async function addTun(
  connection: NetlinkConnection,
  spec: TunSpec,
  options: CallOptions
): Promise<TunLink> {
  const plan = planOf(connection, 'links.add', spec)
  if (plan.data.persist === false) {
    const expected = 'true or absent: the link would be gone at once (there is links.openTun)'
    throw new InvalidType(false, expected, 'ERR_INVALID_ARG_VALUE').within('persist').within('tun')
  }
  const { link, fd } = await open(connection, plan, true, IFF_TUN_EXCL, options)
  binding().closeDescriptor(fd)
  return link
}

/** Makes a link, or attaches to a persistent one that is there, and gives the descriptor. */
export async function openTun(
  connection: NetlinkConnection,
  spec: TunSpec,
  options: CallOptions
): Promise<OpenTun> {
  const plan = planOf(connection, 'links.openTun', spec)
  return open(connection, plan, plan.data.persist === true, 0, options)
}

function planOf(connection: NetlinkConnection, method: string, spec: TunSpec): Plan {
  const owner = spec?.namespace === undefined ? connection : undefined
  const request: RequestDescription = { method, input: spec }
  const parts = linkParts(spec, owner, ['kind'], (given) => {
    if (given['kind'] !== 'tun') refuse(given, 'kind', '"tun"')
    if (given['tun'] === undefined)
      throw new InvalidType(undefined, 'given', 'ERR_MISSING_FIELD').within('tun')
    return tun
  })
  for (const key of fixedElsewhere) if (key in parts.fields) refuse(parts.fields, key, 'absent for a tun')
  const data = spec.tun
  within('tun', () => checkEncodes((writer) => tun.data!.write(writer, data)))
  const name = spec.name ?? ''
  if (name !== '') within('name', () => checkEncodes((writer) => interfaceName.write(writer, name)))
  checkChange(owner, 1, { fields: restOf(parts), port: parts.port }, request)
  return { request, parts, data, name }
}

/** What is said of it once it is there. */
function restOf(parts: LinkParts): Given {
  return pick(parts.fields, (key) => key !== 'name')
}

async function open(
  connection: NetlinkConnection,
  plan: Plan,
  persist: boolean,
  flags: number,
  options: CallOptions
): Promise<OpenTun> {
  const call = connection.settings(options)
  const { request, parts, name } = plan
  const home = parts.namespace === undefined ? connection : await connectTo(parts.namespace)
  let made: NativeTun | undefined
  try {
    const isNew = !persist || (await isFree(home, name, request, call))
    made = await openNativeTun(connection, plan, persist, flags)
    const link = await home.run(getLink(home, made.name, {}, request), call)
    try {
      return { link: await complete(home, link, parts, request, call), fd: made.fd }
    } catch (error) {
      // Without the descriptor a link that isn't persistent is gone; one that was there before stays.
      if (persist && isNew) await home.run(deleteLink(home, link.index)).catch(() => undefined)
      throw error
    }
  } catch (error) {
    if (made !== undefined) binding().closeDescriptor(made.fd)
    throw error
  } finally {
    if (home !== connection) await home.close()
  }
}

async function isFree(
  home: NetlinkConnection,
  name: string,
  request: RequestDescription,
  call: CallOptions
): Promise<boolean> {
  if (name === '' || name.includes('%')) return true
  try {
    await home.run(getLink(home, name, {}, request), call)
    return false
  } catch (error) {
    if (error instanceof NetlinkError && error.code === 'ENODEV') return true
    throw error
  }
}

async function openNativeTun(
  connection: NetlinkConnection,
  { data, name, parts, request }: Plan,
  persist: boolean,
  flags: number
) {
  const { mode, owner, group, packetInformation, virtioNetHeader, multiQueue } = data
  const opened = parts.namespace === undefined ? undefined : await openNative(parts.namespace)
  try {
    return await binding().openTun(opened ?? connection.namespace, {
      name,
      mode: mode === 1 || mode === 'tun' ? 'tun' : 'tap',
      flags:
        flags |
        (packetInformation === true ? 0 : IFF_NO_PI) |
        (virtioNetHeader === true ? IFF_VNET_HDR : 0) |
        (multiQueue === true ? IFF_MULTI_QUEUE : 0),
      owner,
      group,
      persist
    })
  } catch (error) {
    const failure = fromNative(error, request)
    if (flags !== IFF_TUN_EXCL || !(failure instanceof NetlinkError) || failure.code !== 'EBUSY')
      throw failure
    throw new NetlinkError({
      errno: errnoOf('EEXIST'),
      syscall: 'ioctl',
      request,
      explanation: `there is a link ${name} already`
    })
  } finally {
    opened?.close()
  }
}

async function complete(
  home: NetlinkConnection,
  link: Link,
  parts: LinkParts,
  request: RequestDescription,
  call: CallOptions
): Promise<TunLink> {
  const { alternativeNames, port } = parts
  const fields = restOf(parts)
  if (alternativeNames !== undefined && alternativeNames.length > 0)
    await home.run(changeNames(link.index, 'add', alternativeNames, request), call)
  const owner = parts.namespace === undefined ? home : undefined
  await inTwoSteps(home, owner, link.index, { fields, port }, request, call)
  return (await home.run(getLink(home, link.index, {}, request), call)) as TunLink
}
