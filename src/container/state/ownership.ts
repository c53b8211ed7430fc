import type { ProcessIdentity } from '../model/network.js'
import { keys } from './keys.js'
import { currentProcess, isAlive, isSameProcess } from './process-identity.js'
import type { ReadTransaction, WriteTransaction } from './store.js'

/** What one process at a time does for all that share a store, such as `'name-service'`. */
export type Role = string

/**
 * Takes a role, from its owner too if that is dead. Gives `undefined` if it is this process's now, else who has it:
 * another process that lives, or this one by an earlier claim.
 */
export function claimRole(
  transaction: WriteTransaction,
  role: Role,
  claimant: ProcessIdentity = currentProcess()
): ProcessIdentity | undefined {
  const owner = roleOwner(transaction, role)
  if (owner !== undefined) return owner
  transaction.put(keys.role(role), claimant)
  return undefined
}

/** Gives a role up. False if the process didn't have it. */
export function releaseRole(
  transaction: WriteTransaction,
  role: Role,
  owner: ProcessIdentity = currentProcess()
): boolean {
  const holder = transaction.get<ProcessIdentity>(keys.role(role))
  if (holder === undefined || !isSameProcess(holder, owner)) return false
  return transaction.delete(keys.role(role))
}

/** The process that has a role, if it lives. */
export function roleOwner(transaction: ReadTransaction, role: Role): ProcessIdentity | undefined {
  const owner = transaction.get<ProcessIdentity>(keys.role(role))
  return owner !== undefined && isAlive(owner) ? owner : undefined
}
