import { NLM_F_CREATE, NLM_F_EXCL } from '../../../netlink/index.js'
import { checkKeys } from '../keys.js'
import { explanations, nftOperation, reader } from '../operation.js'
import { step } from '../scope.js'
import type { Step, TransactionScope } from '../scope.js'
import { flowtableInput, readFlowtable } from './flowtable.js'
import type { Flowtable, FlowtableRef, FlowtableSpec } from './flowtable.js'
import { flowtableMessage } from './schema.js'

const readNew = reader('NFT_MSG_NEWFLOWTABLE', flowtableMessage, readFlowtable)
const explain = explanations('flowtable', { EOPNOTSUPP: 'the kernel has no flowtables for this family' })
const specKeys = ['family', 'table', 'name', 'hook', 'priority', 'devices', 'flags', 'handle', 'use']

function make(method: string, flowtable: FlowtableSpec | Flowtable, flags: number): Step {
  checkKeys(flowtable, specKeys, 'a flowtable')
  const request = { method, input: flowtable }
  return step(
    request,
    nftOperation({
      request,
      message: 'NFT_MSG_NEWFLOWTABLE',
      flags,
      schema: flowtableMessage,
      input: flowtableInput(flowtable),
      read: readNew,
      explain
    })
  )
}

/** What a transaction can do with flowtables. */
export const flowtableVerbs = {
  /** Makes a flowtable, or adds devices to one that is there. */
  add: (_scope: TransactionScope, flowtable: FlowtableSpec | Flowtable): Step =>
    make('flowtables.add', flowtable, NLM_F_CREATE),

  /** Makes a flowtable; `EEXIST` if it is there already. */
  create: (_scope: TransactionScope, flowtable: FlowtableSpec | Flowtable): Step =>
    make('flowtables.create', flowtable, NLM_F_CREATE | NLM_F_EXCL),

  /** Deletes a flowtable; `EBUSY` while a rule uses it. */
  delete(_scope: TransactionScope, { family, table, name }: FlowtableRef): Step {
    const request = { method: 'flowtables.delete', input: { family, table, name } }
    return step(
      request,
      nftOperation({
        request,
        message: 'NFT_MSG_DELFLOWTABLE',
        flags: 0,
        schema: flowtableMessage,
        input: { family, table, name },
        explain
      })
    )
  }
} as const
