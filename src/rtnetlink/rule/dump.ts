import { Writer } from '../../codec/index.js'
import type { DumpRequest } from '../../netlink/index.js'
import { checkFilter, inetFamily } from '../filter.js'
import { readRule } from './rule.js'
import type { Rule, RuleSpec } from './rule.js'
import { RTM_GETRULE, RTM_NEWRULE, ruleMessage } from './schema.js'

/** Which rules to list: those that have all of these properties. The family filters in the kernel. */
export type RuleFilter = RuleSpec

/** Asks for the rules that match. */
export function ruleDump(filter: RuleFilter, method = 'rules.list'): DumpRequest<Rule> {
  const keys = Object.keys(ruleMessage.fields).filter((key) => key !== 'flags')
  checkFilter(filter, keys)
  const family = inetFamily(filter.family)
  const wanted = Object.entries(asRead(filter)).map(([key, value]) => [key, fingerprint(value)] as const)
  return {
    request: { method, input: filter },
    syscall: 'RTM_GETRULE',
    type: RTM_GETRULE,
    schema: ruleMessage,
    write(writer) {
      // With strict checking, a request that holds more than the family is refused.
      const base = writer.zeros(ruleMessage.headerSize)
      writer.bytes[base] = family
    },
    read(message) {
      if (message.type !== RTM_NEWRULE) return undefined
      const rule = readRule(message) as (Rule & Readonly<Record<string, unknown>>) | undefined
      return rule !== undefined && wanted.every(([key, value]) => fingerprint(rule[key]) === value)
        ? rule
        : undefined
    }
  }
}

/** The filter in the form in which rules are read: names for numbers, prefixes in their canonical form. */
function asRead(filter: RuleFilter): Record<string, unknown> {
  const writer = new Writer(256)
  ruleMessage.write(writer, filter)
  const read: Record<string, unknown> = { ...ruleMessage.read(writer.bytes, 0, writer.position) }
  return Object.fromEntries(
    Object.entries(filter)
      .filter(([, value]) => value !== undefined)
      .map(([key]) => [key, read[key] === false ? undefined : read[key]])
  )
}

function fingerprint(value: unknown): string | undefined {
  return JSON.stringify(value)
}
