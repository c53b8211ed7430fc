import { readdir } from 'node:fs/promises'
import { mapBounded } from './bounded.js'
import type { Found } from './found.js'
import { listProcesses, namespaceInode } from './proc.js'

/** How many processes are looked at at once. */
const concurrency = 16

/**
 * Namespaces that nothing but an open descriptor holds, among the processes that this user may look at. It reads
 * a link for each open file of the machine, so it is for what can't be found otherwise.
 */
export async function findHeldNamespaces(known: ReadonlySet<number>): Promise<Found[]> {
  const found = new Map<number, Found>()
  await mapBounded(await listProcesses(), concurrency, async (pid) => {
    const folder = `/proc/${pid}/fd`
    const descriptors = await readdir(folder).catch(() => [])
    for (const descriptor of descriptors) {
      const path = `${folder}/${descriptor}`
      const inode = await namespaceInode(path)
      if (inode === undefined || known.has(inode) || found.has(inode)) continue
      found.set(inode, { inode, current: false, pins: [], processes: 0, paths: [path] })
    }
  })
  return [...found.values()]
}
