import type { SandboxRecord } from '../model/sandbox.js'
import { keys } from './keys.js'
import { NamedRecords } from './named-records.js'
import type { ReadTransaction, WriteTransaction } from './store.js'

const sandboxes = new NamedRecords<SandboxRecord>({
  what: 'sandbox',
  prefix: keys.sandboxes,
  key: keys.sandbox,
  nameKey: keys.sandboxName,
  exists: 'ERR_SANDBOX_EXISTS',
  notFound: 'ERR_SANDBOX_NOT_FOUND'
})

/** Adds a sandbox, or replaces what is known of it; its name stays. Throws `ERR_SANDBOX_EXISTS` if another has its name. */
export function putSandbox(transaction: WriteTransaction, sandbox: SandboxRecord): void {
  sandboxes.put(transaction, sandbox)
}

export function getSandbox(transaction: ReadTransaction, id: string): SandboxRecord | undefined {
  return sandboxes.get(transaction, id)
}

/**
 * By name, or by the beginning of its id, of at least 3 digits; a name goes first. Throws `ERR_SANDBOX_NOT_FOUND` or
 * `ERR_AMBIGUOUS_ID`.
 */
export function findSandbox(transaction: ReadTransaction, nameOrId: string): SandboxRecord {
  return sandboxes.find(transaction, nameOrId)
}

export function listSandboxes(transaction: ReadTransaction): SandboxRecord[] {
  return sandboxes.list(transaction)
}

/** False if it was not there. */
export function deleteSandbox(transaction: WriteTransaction, id: string): boolean {
  return sandboxes.delete(transaction, id)
}
