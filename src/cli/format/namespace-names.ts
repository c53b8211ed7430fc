import { NetworkNamespace, type NamespaceReference } from '../../namespace/index.js'
import type { Link } from '../../rtnetlink/link/index.js'

/**
 * The names in `/run/netns` of the namespaces that links lead to, by the ids that these have where the links are. What
 * can't be found out, for want of a name or of rights, is left out.
 */
export async function namespaceNames(
  links: readonly Link[],
  viewer: NamespaceReference | undefined
): Promise<ReadonlyMap<number, string>> {
  const wanted = new Set(links.map(({ linkNamespaceId }) => linkNamespaceId))
  if (wanted.size === 1 && wanted.has(undefined)) return new Map()
  try {
    const known = viewer === undefined ? await NetworkNamespace.list() : await listAsSeenBy(viewer)
    return new Map(known.flatMap(({ id, name }) => (id === undefined || !wanted.has(id) ? [] : [[id, name]])))
  } catch {
    return new Map()
  }
}

async function listAsSeenBy(viewer: NamespaceReference): Promise<{ name: string; id: number | undefined }[]> {
  const from = await NetworkNamespace.open(viewer)
  try {
    const entries: { name: string; id: number | undefined }[] = []
    for (const { name } of await NetworkNamespace.list()) {
      const namespace = await NetworkNamespace.open(name)
      try {
        entries.push({ name, id: await namespace.getId({ from }) })
      } finally {
        await namespace.close()
      }
    }
    return entries
  } finally {
    await from.close()
  }
}
