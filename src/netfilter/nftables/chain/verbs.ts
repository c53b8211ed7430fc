import { NLM_F_CREATE, NLM_F_EXCL } from '../../../netlink/index.js'
import type { Operation } from '../../../netlink/index.js'
import { checkKeys } from '../keys.js'
import { explanations, nftOperation, reader } from '../operation.js'
import { step } from '../scope.js'
import type { Step, TransactionScope } from '../scope.js'
import { chainInput, readChain } from './chain.js'
import type { Chain, ChainRef, ChainSpec } from './chain.js'
import { chainMessage } from './schema.js'

const readNew = reader('NFT_MSG_NEWCHAIN', chainMessage, readChain)
const explain = explanations('chain', {
  EOPNOTSUPP: 'the kernel has no such hook or type of chain in this family'
})

const specKeys = [
  ...['family', 'table', 'name', 'type', 'hook', 'priority', 'policy', 'device', 'devices', 'flags'],
  ...['comment', 'userdata', 'handle', 'use', 'counters']
]

function make(method: string, chain: ChainSpec, flags: number): Operation<Chain | undefined> {
  checkKeys(chain, specKeys, 'a chain')
  return nftOperation({
    request: { method, input: chain },
    message: 'NFT_MSG_NEWCHAIN',
    flags,
    schema: chainMessage,
    input: chainInput(chain),
    read: readNew,
    explain
  })
}

/** What a transaction can do with chains. */
export const chainVerbs = {
  /** Makes a chain, or sets the policy of one that is there. */
  add(_scope: TransactionScope, chain: ChainSpec): Step {
    const operation = make('chains.add', chain, NLM_F_CREATE)
    return step(operation.request, operation)
  },

  /** Makes a chain; `EEXIST` if it is there already. */
  create(_scope: TransactionScope, chain: ChainSpec): Step {
    const operation = make('chains.create', chain, NLM_F_CREATE | NLM_F_EXCL)
    return step(operation.request, operation)
  },

  /** Deletes a chain; `EBUSY` while a rule jumps to it or it has rules that are not deleted. */
  delete(_scope: TransactionScope, chain: ChainRef): Step {
    const { family, table, name } = chain
    const request = { method: 'chains.delete', input: { family, table, name } }
    return step(
      request,
      nftOperation({
        request,
        message: 'NFT_MSG_DELCHAIN',
        flags: 0,
        schema: chainMessage,
        input: { family, table, name },
        explain
      })
    )
  },

  /** Gives a chain another name; the chain is named by its handle. */
  rename(
    _scope: TransactionScope,
    chain: { readonly family: ChainRef['family']; readonly table: string; readonly handle: number },
    name: string
  ): Step {
    const { family, table, handle } = chain
    const request = { method: 'chains.rename', input: { family, table, handle, name } }
    return step(
      request,
      nftOperation({
        request,
        message: 'NFT_MSG_NEWCHAIN',
        flags: 0,
        schema: chainMessage,
        input: { family, table, handle, name },
        explain
      })
    )
  }
} as const
