import { readFileSync } from 'node:fs'
import type { ProcessIdentity } from '../model/network.js'

let boot: string | undefined
let self: ProcessIdentity | undefined

/** The boot that this is: `/proc/sys/kernel/random/boot_id` (random(4)). */
export function currentBoot(): string {
  return (boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim())
}

/** This process. */
export function currentProcess(): ProcessIdentity {
  if (self === undefined) {
    const startTime = startTimeOf(process.pid)
    if (startTime === undefined) throw new Error(`/proc tells nothing of this process, ${process.pid}`)
    self = { pid: process.pid, startTime, bootId: currentBoot() }
  }
  return self
}

/** Whether a process still runs: its pid alone may be another's by now. A zombie does not run. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identity.bootId === currentBoot() && startTimeOf(identity.pid) === identity.startTime
}

export function isSameProcess(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.pid === b.pid && a.startTime === b.startTime && a.bootId === b.bootId
}

/** Field 22 of `/proc/PID/stat` (proc_pid_stat(5)); `undefined` if there is no such process, or it is dead. */
function startTimeOf(pid: number): number | undefined {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return undefined
  }
  return parseStartTime(stat)
}

/** Of what `/proc/PID/stat` holds. Its second field, the program's name, may hold blanks and parentheses. */
export function parseStartTime(stat: string): number | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, startTime] = [fields[0], fields[22 - 3]]
  if (startTime === undefined || state === 'Z' || state === 'X') return undefined
  return Number(startTime)
}
