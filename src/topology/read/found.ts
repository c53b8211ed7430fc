import { readFile } from 'node:fs/promises'
import { NetloomError, NetlinkError } from '../../netlink/index.js'
import { NetworkNamespace } from '../../namespace/index.js'
import type { TopologyProcess } from '../topology.js'
import { mapBounded } from './bounded.js'
import { listPins } from './pins.js'
import { listProcesses, namespaceInode } from './proc.js'

/** A namespace that is somewhere: how it can be opened, and what is known of it without that. */
export interface Found {
  readonly inode: number
  readonly current: boolean
  /** Where it is pinned. */
  readonly pins: readonly string[]
  readonly process?: TopologyProcess | undefined
  readonly processes: number
  /** Files that name it, to be tried in this order; none for the current one. */
  readonly paths: readonly string[]
}

/** How many files below `/proc` are read at once. */
const concurrency = 32

/** The namespaces of this process, those that are pinned, and those of the processes that this user may look at. */
export async function findNamespaces(current: NetworkNamespace): Promise<Found[]> {
  const [pins, processes] = await Promise.all([listPins(), processNamespaces()])
  const inodes = new Set([current.inode, ...pins.keys(), ...processes.keys()])
  return mapBounded([...inodes], concurrency, async (inode) => {
    const pinned = pins.get(inode) ?? []
    const pids = processes.get(inode) ?? []
    const pid = await firstProgram(pids)
    return {
      inode,
      current: inode === current.inode,
      pins: pinned,
      process: pid === undefined ? undefined : await describeProcess(pid),
      processes: pids.length,
      paths: [...pinned, ...pids.slice(0, 3).map((id) => `/proc/${id}/ns/net`)]
    }
  })
}

/** The processes in each namespace, lowest id first. */
async function processNamespaces(): Promise<Map<number, number[]>> {
  const pids = await listProcesses()
  const inodes = await mapBounded(pids, concurrency, (pid) => namespaceInode(`/proc/${pid}/ns/net`))
  const found = new Map<number, number[]>()
  inodes.forEach((inode, i) => {
    if (inode === undefined) return
    const list = found.get(inode) ?? []
    list.push(pids[i]!)
    found.set(inode, list)
  })
  return found
}

/** The first that is no thread of the kernel's: these, children of process 2, have no command line (proc_pid_cmdline(5)). */
async function firstProgram(pids: readonly number[]): Promise<number | undefined> {
  if (pids[0] !== 2) return pids[0]
  for (const pid of pids) {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (words !== '') return pid
  }
  return undefined
}

async function describeProcess(pid: number): Promise<TopologyProcess | undefined> {
  try {
    return { pid, name: (await readFile(`/proc/${pid}/comm`, 'utf8')).trimEnd() }
  } catch {
    return undefined
  }
}

/** What says that a namespace went, or that its file is another's by now. */
const gone = new Set(['ENOENT', 'ESRCH', 'EINVAL', 'ENXIO', 'ELOOP', 'ENOTDIR'])
const forbidden = new Set(['EACCES', 'EPERM'])

/**
 * Opens one that was found: `undefined` if it is gone by now, the error's code if this user may not. The caller
 * closes it.
 */
export async function openFound(found: Found): Promise<NetworkNamespace | string | undefined> {
  if (found.current) return NetworkNamespace.current()
  let refused: string | undefined
  for (const path of found.paths) {
    try {
      const namespace = await NetworkNamespace.open({ path })
      if (namespace.inode === found.inode) return namespace
      await namespace.close()
    } catch (error) {
      const code = refusal(error)
      if (code === undefined) throw error
      if (forbidden.has(code)) refused ??= code
    }
  }
  return refused
}

/** The code of an error that says that a namespace can't be had; `undefined` for any other error. */
export function refusal(error: unknown): string | undefined {
  if (error instanceof NetloomError || !(error instanceof NetlinkError)) return undefined
  return gone.has(error.code) || forbidden.has(error.code) ? error.code : undefined
}
