/** Resident memory of this process, in KiB (proc(5)). */
import { readFileSync, writeFileSync } from 'node:fs'

function status(key: 'VmRSS' | 'VmHWM'): number {
  const text = readFileSync('/proc/self/status', 'latin1')
  return Number(new RegExp(`^${key}:\\s*(\\d+)`, 'm').exec(text)?.[1])
}

/** How far memory rises above what it is now. */
export class MemoryMeter {
  readonly #before: number
  /** The peak until now, which begins anew. */
  readonly #peak = process.resourceUsage().maxRSS

  constructor() {
    writeFileSync('/proc/self/clear_refs', '5')
    this.#before = status('VmRSS')
  }

  read(): { readonly growth: number; readonly rss: number } {
    const peak = status('VmHWM')
    return { growth: peak - this.#before, rss: Math.max(peak, this.#peak) }
  }
}
