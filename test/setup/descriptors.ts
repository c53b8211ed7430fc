/** What this process has open. */
import { readdirSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { expect } from 'vitest'

/** The number of open descriptors, one of which is for this look. */
export const descriptors = (): number => readdirSync('/proc/self/fd').length

/** How many there are once those have gone that were closed before, since nobody waits for a stack to close. */
export async function descriptorsAtRest(): Promise<number> {
  for (let before = descriptors(); ;) {
    await setTimeout(100)
    const now = descriptors()
    if (now === before) return now
    before = now
  }
}

/** Waits until no more are open than there were at rest. */
export async function descriptorsBack(before: number): Promise<void> {
  await expect.poll(descriptors).toBeLessThanOrEqual(before)
}
