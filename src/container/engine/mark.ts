import type { ProcessIdentity } from '../model/network.js'
import { currentBoot, currentProcess, isAlive } from '../state/index.js'

/**
 * By what the objects of one state directory, or of one that lives in memory, are known in the kernel beside those of
 * others. The digits are random.
 */
export interface Mark {
  /** The alias of links and namespaces: `netloom:0123456789ab`, in memory `netloom:0123456789ab:PID:START`. */
  readonly alias: string
  /** The nftables table: `netloom-0123456789ab`. */
  readonly table: string
}

/** The mark of a state directory whose digits are these. */
export function markOfDirectory(digits: string): Mark {
  return { alias: `netloom:${digits}`, table: tableOf(digits) }
}

/** The mark of what is gone with this process, or should be. */
export function markOfProcess(digits: string): Mark {
  const { pid, startTime } = currentProcess()
  return { alias: `netloom:${digits}:${pid}:${startTime}`, table: tableOf(digits) }
}

/** Reads the mark of something that a process has left behind that kept its state in memory, and is dead. */
export function readDeadMark(alias: string | undefined): Mark | undefined {
  const [, digits, pid, startTime] = /^netloom:([0-9a-f]{12}):(\d+):(\d+)$/.exec(alias ?? '') ?? []
  if (alias === undefined || digits === undefined) return undefined
  const owner: ProcessIdentity = { pid: Number(pid), startTime: Number(startTime), bootId: currentBoot() }
  return isAlive(owner) ? undefined : { alias, table: tableOf(digits) }
}

const tableOf = (digits: string): string => `netloom-${digits}`
