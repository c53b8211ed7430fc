import { readdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { invalidRange, invalidType, invalidValue, within } from '../codec/index.js'

/** Where `ip netns` pins namespaces, one file each (ip-netns(8)). */
export const netnsFolder = '/run/netns'

const expected = 'a name for a namespace: 1 to 255 bytes without "/" or a NUL, and neither "." nor ".."'

/**
 * Refuses what can't be a file's name in `/run/netns`. More than `ip netns` refuses, which lets an empty name
 * through to the kernel.
 */
export function checkName(value: unknown, field = 'name'): asserts value is string {
  within(field, () => {
    if (typeof value !== 'string') invalidType(value, expected)
    if (value === '' || value === '.' || value === '..' || /[/\0]/.test(value)) invalidValue(value, expected)
    // NAME_MAX of every file system that /run could be.
    if (Buffer.byteLength(value) > 255) invalidRange(value, expected)
  })
}

/** The file that pins a name. */
export function pathOf(name: string): string {
  return `${netnsFolder}/${name}`
}

/** The name that a path pins, if it is one that `ip netns` would know. */
export function nameOf(path: string): string | undefined {
  const folder = dirname(path)
  if (folder !== netnsFolder && folder !== '/var/run/netns') return undefined
  const name = path.slice(folder.length).replaceAll('/', '')
  return name === '' || name === '.' || name === '..' ? undefined : name
}

/** The names in `/run/netns`, sorted, whatever they are. None if the folder was never made. */
export async function listNames(): Promise<string[]> {
  try {
    return (await readdir(netnsFolder)).sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
