import { NLM_F_CREATE, NLM_F_EXCL } from '../../../netlink/index.js'
import type { Operation } from '../../../netlink/index.js'
import { checkKeys } from '../keys.js'
import type { NftFamily } from '../family.js'
import { explanations, nftOperation, reader } from '../operation.js'
import { step } from '../scope.js'
import type { Step, TransactionScope } from '../scope.js'
import { tableMessage } from './schema.js'
import { readTable, tableInput } from './table.js'
import type { Table, TableRef, TableSpec } from './table.js'

const readNew = reader('NFT_MSG_NEWTABLE', tableMessage, readTable)
const explain = explanations('table')

const specKeys = ['family', 'name', 'flags', 'comment', 'userdata', 'handle', 'use', 'owner']

function make(method: string, table: TableSpec, flags: number): Operation<Table | undefined> {
  checkKeys(table, specKeys, 'a table')
  return nftOperation({
    request: { method, input: table },
    message: 'NFT_MSG_NEWTABLE',
    flags,
    schema: tableMessage,
    input: tableInput(table),
    read: readNew,
    explain
  })
}

function remove(method: string, { family, name }: TableRef): Operation<unknown> {
  return nftOperation({
    request: { method, input: { family, name } },
    message: 'NFT_MSG_DELTABLE',
    flags: 0,
    schema: tableMessage,
    input: { family, name },
    explain
  })
}

/** What a transaction can do with tables. */
export const tableVerbs = {
  /** Makes a table, or sets the flags of one that is there. */
  add(_scope: TransactionScope, table: TableSpec): Step {
    const operation = make('tables.add', table, NLM_F_CREATE)
    return step(operation.request, operation)
  },

  /** Makes a table; `EEXIST` if it is there already. */
  create(_scope: TransactionScope, table: TableSpec): Step {
    const operation = make('tables.create', table, NLM_F_CREATE | NLM_F_EXCL)
    return step(operation.request, operation)
  },

  /** Deletes a table and all that it holds; `ENOENT` if it isn't there. */
  delete(_scope: TransactionScope, table: TableRef): Step {
    const operation = remove('tables.delete', table)
    return step(operation.request, operation)
  },

  /** Deletes a table if it is there: it is made first, where it isn't, within the same transaction. */
  destroy(_scope: TransactionScope, { family, name }: TableRef): Step {
    const request = { method: 'tables.destroy', input: { family, name } }
    const added = make(request.method, { family, name }, NLM_F_CREATE)
    return step(request, { ...added, request }, remove(request.method, { family, name }))
  },

  /** Deletes every table of a family, or of all, but for those that others own. */
  flush(_scope: TransactionScope, filter: { readonly family?: NftFamily } = {}): Step {
    const request = { method: 'tables.flush', input: filter }
    return step(request, flushTables(request, filter.family))
  }
} as const

function flushTables(request: { method: string; input: unknown }, family: NftFamily | undefined) {
  const operation = nftOperation({
    request,
    message: 'NFT_MSG_DELTABLE',
    flags: 0,
    schema: tableMessage,
    input: { family: family ?? 'inet' }
  })
  if (family !== undefined) return operation
  // `NFPROTO_UNSPEC` stands for all.
  const { write } = operation
  return {
    ...operation,
    write: (...args: Parameters<typeof write>) => {
      const [writer] = args
      const base = writer.position
      write(...args)
      writer.bytes[base] = 0
    }
  }
}
