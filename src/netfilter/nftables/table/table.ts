import { readComment, writeComment } from '../comment.js'
import type { Commented } from '../comment.js'
import type { NftFamily } from '../family.js'
import type { UserdataAttribute } from '../userdata.js'
import type { TableMessage, TableMessageInput } from './schema.js'

/** A table's name. */
export interface TableRef {
  readonly family: NftFamily
  readonly name: string
}

/** A table to make: it holds the chains, sets and objects of one program. */
export interface TableSpec extends TableRef, Commented {
  /**
   * `'dormant'` takes its chains out of the packets' way. `'owner'` ties it to the stack that made it: others can't change
   * it, and it goes with the stack (Linux 5.12); with `'persist'` it stays (Linux 6.9).
   */
  readonly flags?: readonly ('dormant' | 'owner' | 'persist')[] | undefined
}

/** A table, as the kernel has it. */
export interface Table extends TableRef {
  readonly flags: readonly ('dormant' | 'owner' | 'persist' | number)[]
  readonly handle: number
  /** How many objects it holds. */
  readonly use: number
  /** The port id of the socket that owns it. */
  readonly owner?: number
  readonly comment?: string
  readonly userdata?: UserdataAttribute[]
}

export function tableInput(table: TableSpec): TableMessageInput {
  const { family, name, flags = [] } = table
  return { family, name, flags, userdata: writeComment(table) }
}

export function readTable(message: TableMessage): Table {
  const { family, name, flags = [], handle, use, owner } = message
  return {
    family: family as NftFamily,
    name: name!,
    flags,
    handle: handle ?? 0,
    use: use ?? 0,
    ...(owner === undefined ? {} : { owner }),
    ...readComment(message.userdata)
  }
}
