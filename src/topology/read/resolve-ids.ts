import type { CallOptions } from '../../netlink/index.js'
import { NetworkNamespace } from '../../namespace/index.js'
import { mapBounded } from './bounded.js'
import { type Binding, bindingOf } from './describe-link.js'
import { type Found, openFound, refusal } from './found.js'
import type { StackContents } from './stack.js'

/** A namespace and what was read of it. */
export interface ReadNamespace {
  readonly found: Found
  readonly contents: StackContents
}

/** Which namespace the ids (nsids) stand for that links name, by `idKey`. */
export type ResolvedIds = Map<string, number>

/** An id means something only to the namespace that uses it. */
export function idKey(viewer: Found, id: number): string {
  return `${viewer.inode} ${id}`
}

/** How many namespaces are asked at once. */
const concurrency = 8

/** A reference to a link elsewhere, and the link that has it. */
interface Reference extends Binding {
  readonly from: number
}

/**
 * Finds out which namespaces the links' ids stand for, and adds them to `resolved`; those that it can't find remain
 * unknown. The kernel only tells the id of a namespace that is at hand (`RTM_GETNSID`). Of the many that could be
 * meant, it is asked about those first that have a link which refers back, so that one question each is the rule.
 */
export async function resolveIds(
  namespaces: readonly ReadNamespace[],
  resolved: ResolvedIds,
  options: CallOptions
): Promise<void> {
  await mapBounded(namespaces, concurrency, async (viewer) => {
    const unknown = [...referencesById(viewer)].filter(([id]) => !resolved.has(idKey(viewer.found, id)))
    if (unknown.length === 0) return
    await withOpen(viewer.found, async (from) => {
      for (const [id, references] of unknown) {
        for (const candidate of candidates(viewer, references, namespaces)) {
          const seen = await withOpen(candidate.found, (target) => target.getId({ from, ...options }))
          if (seen !== id) continue
          resolved.set(idKey(viewer.found, id), candidate.found.inode)
          break
        }
      }
    })
  })
}

/** Whether an id that some link names is still unknown. */
export function hasUnresolved(namespaces: readonly ReadNamespace[], resolved: ResolvedIds): boolean {
  return namespaces.some((viewer) =>
    [...referencesById(viewer).keys()].some((id) => !resolved.has(idKey(viewer.found, id)))
  )
}

function referencesById({ contents }: ReadNamespace): Map<number, Reference[]> {
  const byId = new Map<number, Reference[]>()
  for (const link of contents.links) {
    const binding = bindingOf(link)
    if (binding?.namespaceId === undefined) continue
    const list = byId.get(binding.namespaceId) ?? []
    list.push({ ...binding, from: link.index })
    byId.set(binding.namespaceId, list)
  }
  return byId
}

/** The namespaces that have one of the links referred to; first those in which it refers back, then the current one. */
function candidates(
  viewer: ReadNamespace,
  references: readonly Reference[],
  namespaces: readonly ReadNamespace[]
): ReadNamespace[] {
  return namespaces
    .filter((other) => other !== viewer)
    .map((other) => ({ other, score: likelihood(other, references) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ other }) => other)
}

function likelihood({ found, contents }: ReadNamespace, references: readonly Reference[]): number {
  let score = 0
  for (const { from, link } of references) {
    const there = contents.links.find(({ index }) => index === link)
    if (there === undefined) continue
    score += there.link === from && there.linkNamespaceId !== undefined ? 4 : 1
  }
  return score > 0 && found.current ? score + 2 : score
}

/** Does something with an open namespace; `undefined` if it went meanwhile. */
async function withOpen<T>(
  found: Found,
  use: (namespace: NetworkNamespace) => Promise<T>
): Promise<T | undefined> {
  const namespace = await openFound(found)
  if (!(namespace instanceof NetworkNamespace)) return undefined
  try {
    return await use(namespace)
  } catch (error) {
    if (refusal(error) === undefined) throw error
    return undefined
  } finally {
    await namespace.close()
  }
}
