import { type Stats } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'

/**
 * What `ip netns exec` binds over `/etc` for a named namespace: each entry of `/etc/netns/NAME` over the
 * entry of the same name in `/etc` (ip-netns(8)). What is not in `/etc`, or is a folder in one place and a file
 * in the other, can't be bound and is left out; `ip` prints a warning then.
 */
export async function etcBinds(name: string): Promise<[source: string, target: string][]> {
  const folder = `/etc/netns/${name}`
  let entries: string[]
  try {
    entries = await readdir(folder)
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
  const pairs = entries.map((entry): [string, string] => [`${folder}/${entry}`, `/etc/${entry}`])
  const possible = await Promise.all(
    pairs.map(async ([source, target]) => {
      const [from, to] = await Promise.all([look(source), look(target)])
      return from !== undefined && to !== undefined && from.isDirectory() === to.isDirectory()
    })
  )
  return pairs.filter((_, i) => possible[i])
}

async function look(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP'
}
