import { type NativeNamespace, binding } from '../binding.js'
import { type CallOptions, checkCallOptions, errnoName, fromNative } from '../netlink/index.js'
import { isNative } from './call.js'
import { listNames, pathOf } from './names.js'
import { getIds, overConnection } from './nsid.js'

/** A namespace that has a name. */
export interface NamespaceEntry {
  readonly name: string
  /** The file on which it is pinned. */
  readonly path: string
  /** `st_ino` and, in `device`, `st_dev` of the namespace. */
  readonly inode: number
  readonly device: number
  /** Its id (nsid) as the calling thread's namespace knows it; `undefined` if it has none. */
  readonly id: number | undefined
}

/** How many are open at once. */
const chunkSize = 64

/** What pins a namespace and can be opened. A name may go between being read and being opened. */
const skipped = new Set(['ENOENT', 'EINVAL', 'ENXIO', 'ELOOP', 'EACCES'])

export async function listNamespaces(options: CallOptions): Promise<NamespaceEntry[]> {
  checkCallOptions(options)
  options.signal?.throwIfAborted()
  const names = await listNames()
  if (names.length === 0) return []
  return overConnection(undefined, async (connection) => {
    const entries: NamespaceEntry[] = []
    for (let from = 0; from < names.length; from += chunkSize) {
      options.signal?.throwIfAborted()
      const opened = await openAll(names.slice(from, from + chunkSize))
      try {
        const ids = await getIds(
          connection,
          opened.map(({ native }) => native),
          options
        )
        opened.forEach(({ name, native: { inode, device } }, i) => {
          entries.push({ name, path: pathOf(name), inode, device, id: ids[i] })
        })
      } finally {
        for (const { native } of opened) native.close()
      }
    }
    return entries
  })
}

interface Opened {
  readonly name: string
  readonly native: NativeNamespace
}

async function openAll(names: readonly string[]): Promise<Opened[]> {
  const settled = await Promise.allSettled(names.map((name) => binding().openNamespace(pathOf(name))))
  const opened: Opened[] = []
  let failure: unknown
  settled.forEach((result, i) => {
    if (result.status === 'fulfilled') opened.push({ name: names[i]!, native: result.value })
    else if (!isSkipped(result.reason)) failure = result.reason
  })
  if (failure === undefined) return opened
  for (const { native } of opened) native.close()
  throw fromNative(failure, { method: 'NetworkNamespace.list', input: undefined })
}

function isSkipped(error: unknown): boolean {
  return isNative(error) && skipped.has(errnoName(error.errno))
}
