import type { Operation } from '../index.js'
import { choice } from './options.js'
import type { AddManyOptions, DeleteManyOptions } from './options.js'

/** What a bulk verb does with its inputs. */
export interface BulkVerb<In> {
  /** Its name in errors, such as `'routes.addMany'`. */
  readonly method: string
  /** The request for one input. Throws what is wrong with it. */
  make(input: In): Operation<unknown>
  /** Codes of errors that tell that it was so already. */
  readonly unchanged?: readonly string[]
}

/** Adds; without `replace`, what is there can't be replaced. */
export function addVerb<In>(
  method: string,
  options: AddManyOptions,
  add: (input: In) => Operation<unknown>,
  replace?: (input: In) => Operation<unknown>
): BulkVerb<In> {
  const known = ['fail', 'skip', ...(replace === undefined ? [] : ['replace'])] as const
  const ifExists = choice('ifExists', options.ifExists ?? 'fail', known)
  const make = ifExists === 'replace' ? replace! : add
  return { method, make, unchanged: ifExists === 'skip' ? ['EEXIST'] : [] }
}

/** Deletes; `missing` are the codes by which the kernel tells that there is none. */
export function deleteVerb<In>(
  method: string,
  options: DeleteManyOptions,
  make: (input: In) => Operation<unknown>,
  missing: readonly string[]
): BulkVerb<In> {
  const ifMissing = choice('ifMissing', options.ifMissing ?? 'fail', ['fail', 'skip'])
  return { method, make, unchanged: ifMissing === 'skip' ? missing : [] }
}
