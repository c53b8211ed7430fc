import { constants } from 'node:fs'
import { mkdtemp, open, readdir, readlink, rm, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { currentBoot, currentProcess, isAlive } from '../state/index.js'

/**
 * Makes the folder for the files of sandboxes that live in memory. Its name says whose it is, so that the next process
 * can tell when it is nobody's any more: `netloom-PIDNS-PID-START-RANDOM`.
 */
export async function makeMemoryFolder(): Promise<string> {
  const { pid, startTime } = currentProcess()
  return mkdtemp(join(tmpdir(), `netloom-${await pidNamespace()}-${pid}-${startTime}-`))
}

/**
 * Removes such folders of this user whose processes are dead. A pid tells nothing of a process in another PID namespace:
 * those are left. So is what can't be removed, which is in nobody's way.
 */
export async function removeDeadFolders(): Promise<void> {
  const [names, namespace] = await Promise.all([readdir(tmpdir()), pidNamespace()])
  for (const name of names) {
    const [, owner, pid, startTime] = /^netloom-(\d+)-(\d+)-(\d+)-\w{6}$/.exec(name) ?? []
    if (owner === undefined || owner !== namespace) continue
    const identity = { pid: Number(pid), startTime: Number(startTime), bootId: currentBoot() }
    if (!isAlive(identity)) await removeOwn(join(tmpdir(), name)).catch(() => undefined)
  }
}

/** Everybody can make a link, or a folder, of any name there: what is removed is within this one folder, seen open. */
async function removeOwn(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  try {
    if ((await folder.stat()).uid !== process.geteuid?.()) return
    const inside = `/proc/self/fd/${folder.fd}`
    for (const name of await readdir(inside)) await rm(join(inside, name), { recursive: true, force: true })
    await rmdir(path)
  } finally {
    await folder.close()
  }
}

/** The inode of this process's PID namespace. */
async function pidNamespace(): Promise<string> {
  const [digits] = /\d+/.exec(await readlink('/proc/self/ns/pid')) ?? []
  return digits ?? '0'
}
