import { NLM_F_CREATE, NLM_F_ECHO, NLM_F_EXCL } from '../../netlink/index.js'
import type { NetlinkConnection, Operation } from '../../netlink/index.js'
import { ruleInput, ruleKeyInput } from './input.js'
import { readRule } from './rule.js'
import type { Rule, RuleSpec } from './rule.js'
import { RTM_DELRULE, RTM_NEWRULE, ruleMessage } from './schema.js'

/** The verbs on rules that are one request each. */
export const ruleOperations = {
  add: (_connection: NetlinkConnection, rule: RuleSpec): Operation<Rule> => ({
    request: { method: 'rules.add', input: rule },
    syscall: 'RTM_NEWRULE',
    type: RTM_NEWRULE,
    flags: NLM_F_CREATE | NLM_F_EXCL | NLM_F_ECHO,
    schema: ruleMessage,
    replies: true,
    write: (writer) => ruleMessage.write(writer, ruleInput(rule)),
    read: ([message]) => readRule(message!)!,
    explain: (code) => (code === 'EEXIST' ? 'there is such a rule already' : undefined)
  }),

  delete: (_connection: NetlinkConnection, rule: Rule | RuleSpec): Operation<void> => ({
    request: { method: 'rules.delete', input: rule },
    syscall: 'RTM_DELRULE',
    type: RTM_DELRULE,
    flags: 0,
    schema: ruleMessage,
    write: (writer) => ruleMessage.write(writer, ruleKeyInput(rule)),
    explain: (code) => (code === 'ENOENT' ? 'there is no such rule' : undefined)
  })
} as const
