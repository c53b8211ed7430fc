/**
 * Namespaces to run something in that must never reach the machine's network or its /run/netns: as root a
 * network and a mount namespace, as anybody else a user namespace around them. Node.js can't do that to
 * itself: a process with threads may not enter a new user namespace.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { kernelTrouble } from './kernel.js'

/** Makes the namespaces and becomes the command that follows. /run is hidden, and with it /run/netns. */
const enter = 'mount -t tmpfs -o mode=755 tmpfs /run && mkdir /run/netns && exec "$@"'

/**
 * How to isolate a command here: the words to put before it, or why that can't be done.
 * @returns {{ prefix: string[], kind: 'root' | 'user' } | { reason: string }}
 */
export function isolation() {
  const trouble = kernelTrouble()
  if (trouble !== undefined) return { reason: trouble }
  /** @type {{ kind: 'root' | 'user', flags: string[] }[]} */
  const ways = [{ kind: 'user', flags: ['-U', '-r', '-n', '-m'] }]
  if (process.getuid?.() === 0) ways.unshift({ kind: 'root', flags: ['-n', '-m'] })
  let reason = ''
  for (const { kind, flags } of ways) {
    const prefix = ['unshare', ...flags, '--propagation', 'private', 'sh', '-c', enter, 'sh']
    const tried = spawnSync(/** @type {string} */ (prefix[0]), [...prefix.slice(1), 'true'], {
      encoding: 'utf8'
    })
    if (tried.status === 0) return { prefix, kind }
    reason = (tried.error?.message ?? tried.stderr.trim()) || 'unshare failed'
  }
  return { reason: `this system allows no namespaces here (${reason}). ${advice()}` }
}

function advice() {
  try {
    const restricted = readFileSync('/proc/sys/kernel/apparmor_restrict_unprivileged_userns', 'utf8').trim()
    if (restricted === '1') {
      return 'AppArmor restricts user namespaces: run as root, or sysctl kernel.apparmor_restrict_unprivileged_userns=0'
    }
  } catch {
    // Only Ubuntu's kernels have that switch.
  }
  return 'Run as root, or allow user namespaces (sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone)'
}
