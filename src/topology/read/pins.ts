import { readFile } from 'node:fs/promises'
import { parseNamespaceLink } from './proc.js'

/** The files on which network namespaces are pinned, wherever they are, by the inode of the namespace. */
export async function listPins(): Promise<Map<number, string[]>> {
  return parsePins(await readFile('/proc/thread-self/mountinfo', 'utf8').catch(() => ''))
}

/** A namespace that is pinned shows as a mount whose root is `net:[INODE]` (proc_pid_mountinfo(5)). */
export function parsePins(mountinfo: string): Map<number, string[]> {
  const pins = new Map<number, Set<string>>()
  /** A later mount hides what was mounted on the file before. */
  const visible = new Map<string, number>()
  for (const line of mountinfo.split('\n')) {
    const [, , , root = '', point = ''] = line.split(' ')
    const inode = parseNamespaceLink(root)
    if (inode === undefined) continue
    const path = unescape(point)
    pins.get(visible.get(path) ?? -1)?.delete(path)
    visible.set(path, inode)
    const paths = pins.get(inode) ?? new Set()
    pins.set(inode, paths.add(path))
  }
  return new Map(
    [...pins].filter(([, paths]) => paths.size > 0).map(([inode, paths]) => [inode, [...paths].sort()])
  )
}

/** Space, tab, line feed and backslash are written as three octal digits. */
function unescape(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)))
}
