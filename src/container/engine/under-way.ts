import type { ProcessIdentity } from '../model/network.js'
import { currentProcess, isAlive, isSameProcess } from '../state/index.js'
import type { Store, WriteTransaction } from '../state/index.js'

/**
 * The ids of what this process makes or takes away at the moment, of all that it has open: a record that names it as
 * the owner, and isn't here, is left over from something that failed.
 */
const underWay = new Map<string, number>()

/** Remembers `id` until `endWork`, as often as it is called. */
export function beginWork(id: string): void {
  underWay.set(id, (underWay.get(id) ?? 0) + 1)
}

export function endWork(id: string): void {
  const left = (underWay.get(id) ?? 0) - 1
  if (left > 0) underWay.set(id, left)
  else underWay.delete(id)
}

/** Makes something new, of which nobody knows before. */
export async function workOnNew<T>(id: string, work: () => Promise<T>): Promise<T> {
  beginWork(id)
  try {
    return await work()
  } finally {
    endWork(id)
  }
}

/**
 * Writes down with `claim` that this process is at work on a record, and does the work. The claim itself may ask whether
 * somebody else is; from its end on nobody takes the record for abandoned.
 */
export async function workOn<R extends { readonly id: string }, T>(
  store: Store,
  claim: (transaction: WriteTransaction) => R,
  work: (record: R) => Promise<T>
): Promise<T> {
  let begun: string | undefined
  const end = (): void => {
    if (begun !== undefined) endWork(begun)
    begun = undefined
  }
  try {
    const record = await store.write((transaction) => {
      end()
      const claimed = claim(transaction)
      begun = claimed.id
      beginWork(begun)
      return claimed
    })
    return await work(record)
  } finally {
    end()
  }
}

/** Nobody is at work on this record any more. */
export function isAbandoned(record: {
  readonly id: string
  readonly owner?: ProcessIdentity | undefined
}): boolean {
  const { id, owner } = record
  if (owner === undefined) return true
  return isSameProcess(owner, currentProcess()) ? !underWay.has(id) : !isAlive(owner)
}
