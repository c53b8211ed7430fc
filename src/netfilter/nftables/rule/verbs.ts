import { InvalidType } from '../../../codec/index.js'
import { NLM_F_APPEND, NLM_F_CREATE, NLM_F_REPLACE } from '../../../netlink/index.js'
import type { Operation, RequestDescription } from '../../../netlink/index.js'
import { checkKeys } from '../keys.js'
import { explanations, nftOperation, reader } from '../operation.js'
import { step } from '../scope.js'
import type { Step, TransactionScope } from '../scope.js'
import { anonymousSetOperations } from '../set/anonymous.js'
import { buildRule, readRule } from './rule.js'
import type { Rule, RuleChain, RuleRef, RuleSpec } from './rule.js'
import { ruleMessage } from './schema.js'

const readNew = reader('NFT_MSG_NEWRULE', ruleMessage, readRule)
const explain = explanations('rule', {
  ENOENT: 'something that the rule names does not exist, or the kernel lacks this kind of expression',
  EOPNOTSUPP: 'the kernel does not support this in such a chain'
})

const specKeys = [
  ...['family', 'table', 'chain', 'expressions', 'position', 'compat', 'comment', 'userdata'],
  ...['handle', 'previous']
]

/** The messages that make a rule: its own sets, their elements, and the rule. */
function make(
  scope: TransactionScope,
  request: RequestDescription,
  rule: RuleSpec | Rule,
  flags: number,
  handle?: number
): Step {
  checkKeys(rule, specKeys, 'a rule')
  const { family, table } = rule
  const { input, builder, schema } = buildRule(rule, {
    family,
    nextId: () => scope.nextId(),
    knownSet: (set) => scope.knownSet({ family, table, set })
  })
  const sets = builder.sets.flatMap((set) => anonymousSetOperations(request, { family, table }, set))
  const operation = nftOperation({
    request,
    message: 'NFT_MSG_NEWRULE',
    flags,
    schema: ruleMessage,
    input: { ...input, ...(handle === undefined ? {} : { handle }) },
    read: readNew,
    explain
  }) as Operation<unknown>
  return step(request, ...sets, { ...operation, schema })
}

/** What a transaction can do with rules. */
export const ruleVerbs = {
  /** Adds a rule at the end of its chain, or behind `position`. */
  add(scope: TransactionScope, rule: RuleSpec): Step {
    const flags = NLM_F_CREATE | NLM_F_APPEND
    return make(scope, { method: 'rules.add', input: rule }, rule, flags)
  },

  /** Adds a rule at the start of its chain, or before `position`. */
  insert(scope: TransactionScope, rule: RuleSpec): Step {
    return make(scope, { method: 'rules.insert', input: rule }, rule, NLM_F_CREATE)
  },

  /** Puts a rule in place of another; the handle changes. */
  replace(scope: TransactionScope, place: Pick<RuleRef, 'handle'>, rule: RuleSpec): Step {
    const request = { method: 'rules.replace', input: rule }
    const { handle } = place
    if (typeof handle !== 'number') throw new InvalidType(handle, 'the handle of a rule').within('handle')
    return make(scope, request, { ...rule, position: undefined }, NLM_F_REPLACE, handle)
  },

  /** Deletes a rule; `ENOENT` if it isn't there. */
  delete(_scope: TransactionScope, rule: RuleRef): Step {
    const { family, table, chain, handle } = rule
    const request = { method: 'rules.delete', input: { family, table, chain, handle } }
    // Without a handle the kernel would delete every rule of the chain.
    if (typeof handle !== 'number') throw new InvalidType(handle, 'the handle of a rule').within('handle')
    return step(request, remove(request, { family, table, chain, handle }))
  },

  /** Deletes every rule of a chain, or of a whole table. */
  flush(_scope: TransactionScope, place: Omit<RuleChain, 'chain'> & { readonly chain?: string }): Step {
    const { family, table, chain } = place
    const request = { method: 'rules.flush', input: { family, table, chain } }
    return step(request, remove(request, { family, table, chain }))
  }
} as const

function remove(
  request: RequestDescription,
  input: { family: RuleRef['family']; table: string; chain: string | undefined; handle?: number }
): Operation<unknown> {
  return nftOperation({
    request,
    message: 'NFT_MSG_DELRULE',
    flags: 0,
    schema: ruleMessage,
    input,
    explain: explanations('rule')
  })
}
