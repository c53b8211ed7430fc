import { type CallOptions, beginCall } from '../../netlink/index.js'
import { InvalidType } from '../../codec/index.js'
import { NetworkNamespace, type NamespaceReference } from '../../namespace/index.js'
import { callKeys, checkObject } from '../../namespace/options.js'
import type { Topology, TopologyNamespace } from '../topology.js'
import { mapBounded } from './bounded.js'
import { bindingOf } from './describe-link.js'
import { byPlace, describeNamespace, describeOutside } from './describe-namespace.js'
import { findHeldNamespaces } from './descriptors.js'
import { type Found, findNamespaces, openFound } from './found.js'
import { type ReadNamespace, type ResolvedIds, hasUnresolved, idKey, resolveIds } from './resolve-ids.js'
import { readStack } from './stack.js'

export interface ReadTopologyOptions extends CallOptions {
  /** Only these. Default: all that can be found. A handle must stay open until the topology is read. */
  readonly namespaces?: readonly (NetworkNamespace | NamespaceReference)[] | undefined
}

/** How many namespaces are read at once. */
const concurrency = 16

/**
 * Reads the network of the machine: the namespace of this process, those that are pinned to a file (`ip netns`,
 * Docker), those of the processes that this user may look at, and those that only an open descriptor holds, if a
 * link leads there. Namespaces that vanish meanwhile are left out; those that this user may not enter are named,
 * with the reason. Entering needs `CAP_SYS_ADMIN`; without it there is the namespace of this process alone.
 *
 * It is no snapshot: each namespace is read at a moment of its own.
 */
export async function readTopology(options: ReadTopologyOptions = {}): Promise<Topology> {
  checkObject(options, ['namespaces', ...callKeys], 'an object such as { namespaces }')
  const { namespaces, signal, timeout } = options
  if (namespaces !== undefined && !Array.isArray(namespaces)) {
    throw new InvalidType(namespaces, 'an array of namespaces').within('namespaces')
  }
  const call = beginCall({ signal, timeout })
  const current = await NetworkNamespace.current()
  try {
    const all = await findNamespaces(current)
    const wanted = namespaces === undefined ? all : await select(namespaces, all)
    return await readAll(wanted, namespaces === undefined, call)
  } finally {
    await current.close()
  }
}

/** What is asked for, with what is known of it. */
async function select(
  references: readonly (NetworkNamespace | NamespaceReference)[],
  all: readonly Found[]
): Promise<Found[]> {
  const known = new Map(all.map((found) => [found.inode, found]))
  const selected = new Map<number, Found>()
  for (const reference of references) {
    const given = reference instanceof NetworkNamespace
    const { inode } = given ? reference : await inodeOf(reference)
    const found = known.get(inode) ?? { inode, current: false, pins: [], processes: 0, paths: [] }
    const path = given ? reference.path : fileOf(reference)
    selected.set(inode, { ...found, paths: [path, ...found.paths] })
  }
  return [...selected.values()]
}

async function inodeOf(reference: NamespaceReference): Promise<{ inode: number }> {
  const namespace = await NetworkNamespace.open(reference)
  await namespace.close()
  return namespace
}

/** A file by which it can be opened again, and as long as it lasts. */
function fileOf(reference: NamespaceReference): string {
  if (typeof reference === 'string') return `/run/netns/${reference}`
  if ('path' in reference) return reference.path
  return 'pid' in reference ? `/proc/${reference.pid}/ns/net` : `/proc/${process.pid}/fd/${reference.fd}`
}

async function readAll(wanted: readonly Found[], search: boolean, call: CallOptions): Promise<Topology> {
  const unreadable: TopologyNamespace[] = []
  const resolved: ResolvedIds = new Map()
  let read = await readFound(wanted, unreadable, call)
  await resolveIds(read, resolved, call)
  if (search && hasUnresolved(read, resolved)) {
    const known = new Set(wanted.map(({ inode }) => inode))
    const held = await readFound(await findHeldNamespaces(known), [], call)
    await resolveIds([...read, ...held], resolved, call)
    read = reachable(read, held, resolved)
  }
  const places = new Map(read.map(({ found }) => [found.inode, found]))
  const described = read.map((namespace) => describeNamespace(namespace, resolved, places))
  return { namespaces: [...described, ...unreadable].sort(byPlace) }
}

/** Reads what can be read, and puts what can't into `unreadable`. */
async function readFound(
  wanted: readonly Found[],
  unreadable: TopologyNamespace[],
  call: CallOptions
): Promise<ReadNamespace[]> {
  const read = await mapBounded(wanted, concurrency, async (found) => {
    const namespace = await openFound(found)
    if (namespace === undefined) return undefined
    if (typeof namespace === 'string') {
      unreadable.push({ ...describeOutside(found), links: [], defaultRoutes: [], unreadable: namespace })
      return undefined
    }
    try {
      return { found, contents: await readStack(found.current ? undefined : namespace, call) }
    } finally {
      await namespace.close()
    }
  })
  return read.filter((namespace) => namespace !== undefined)
}

/** Of the namespaces that only descriptors hold, those that links lead to. */
function reachable(
  read: readonly ReadNamespace[],
  held: readonly ReadNamespace[],
  resolved: ResolvedIds
): ReadNamespace[] {
  const reached = new Set(read)
  for (const { found, contents } of reached) {
    for (const link of contents.links) {
      const id = bindingOf(link)?.namespaceId
      const inode = id === undefined ? undefined : resolved.get(idKey(found, id))
      const target = held.find((namespace) => namespace.found.inode === inode)
      if (target !== undefined) reached.add(target)
    }
  }
  return [...reached]
}
