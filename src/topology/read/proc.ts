import { readdir, readlink } from 'node:fs/promises'

/** The ids of the processes that this process sees, lowest first (proc(5)). None where `/proc` isn't mounted. */
export async function listProcesses(): Promise<number[]> {
  const entries = await readdir('/proc').catch(() => [])
  return entries
    .filter((entry) => /^[0-9]+$/.test(entry))
    .map(Number)
    .sort((a, b) => a - b)
}

/**
 * The inode of the network namespace that a link below `/proc` stands for (namespaces(7)); `undefined` if it is
 * something else, is gone, or is hidden from this user.
 */
export async function namespaceInode(path: string): Promise<number | undefined> {
  try {
    return parseNamespaceLink(await readlink(path))
  } catch {
    return undefined
  }
}

/** Reads `net:[4026531840]`. */
export function parseNamespaceLink(text: string): number | undefined {
  const match = /^net:\[([0-9]+)\]$/.exec(text)
  return match === null ? undefined : Number(match[1])
}
