import { InvalidType, Writer, familyOf, invalidType, prefix, record } from '../../codec/index.js'
import { filterValue, inetFamily } from '../filter.js'
import type { Rule, RuleSpec } from './rule.js'
import { ruleAction } from './schema.js'
import type { RuleMessageInput } from './schema.js'

/** Judges the destination of a rule to add: unlike a source's, its host bits are surely a mistake. */
const strictDestination = record(
  { destination: prefix({ attribute: 1, lengthOffset: 1, familyOffset: 0, zero: 'absent' }) },
  { headerSize: 12 }
)
const scratch = new Writer(64)

/** Turns a rule to add into what goes on the wire, with iproute2's defaults. */
export function ruleInput(spec: RuleSpec): RuleMessageInput {
  const rule = selection(spec)
  const { goto, l3mdev } = rule
  const action = filterValue(ruleAction, rule.action ?? (goto === undefined ? 'lookup' : 'goto'), 'action')!
  if (action === 'goto' && goto === undefined) {
    throw new InvalidType(goto, 'given, with the action "goto"', 'ERR_MISSING_FIELD').within('goto')
  }
  refuse(rule, 'goto', action !== 'goto', `absent with the action "${action}"`)
  refuse(rule, 'table', action !== 'lookup', `absent with the action "${action}"`)
  refuse(rule, 'l3mdev', action !== 'lookup', `absent with the action "${action}"`)
  refuse(rule, 'table', l3mdev === true, 'absent with l3mdev: the table is that of the VRF')
  refuse(rule, 'dscp', rule.tos !== undefined, 'absent with tos')
  refuse(rule, 'flowLabel', rule.family === 'inet', 'absent: IPv4 has no flow label')
  refuse(rule, 'realms', rule.family === 'inet6', 'absent: only IPv4 has realms')
  if (rule.destination !== undefined) {
    scratch.position = 0
    try {
      strictDestination.write(scratch, { destination: rule.destination })
    } finally {
      scratch.truncate(0)
    }
  }
  const table = rule.table ?? (action === 'lookup' && l3mdev !== true ? 'main' : undefined)
  return { ...rule, action, table }
}

/** Turns what a rule to delete must have into what goes on the wire. */
export function ruleKeyInput(key: Rule | RuleSpec): RuleMessageInput {
  if (typeof key !== 'object' || key === null) invalidType(key, 'a rule: an object')
  const { flags: _remarks, ...spec } = key as Rule
  const rule = selection(spec)
  const { family: _family, ...rest } = rule
  if (Object.values(rest).every((value) => value === undefined)) {
    // The kernel would take the first rule of all, which looks up the local table.
    throw new InvalidType(
      key,
      'given with at least one property beside the family',
      'ERR_MISSING_FIELD'
    ).within('rule')
  }
  return rule.goto !== undefined && rule.action === undefined ? { ...rule, action: 'goto' } : rule
}

/** What adding and deleting have in common: the family, and what stands for itself on the wire. */
function selection(spec: RuleSpec): RuleMessageInput {
  if (typeof spec !== 'object' || spec === null || Array.isArray(spec)) invalidType(spec, 'a rule: an object')
  inetFamily(spec.family)
  const { source, destination, mark, markMask, l3mdev, ...rest } = spec
  const prefixed = source ?? destination
  return {
    ...rest,
    family: spec.family ?? (typeof prefixed === 'string' ? familyOf(prefixed) : 'inet'),
    source,
    destination,
    mark,
    // The kernel takes a mark of 0 without a mask for none.
    markMask: markMask ?? (mark === 0 ? 0xffffffff : undefined),
    // False is what the kernel has no message for.
    l3mdev: l3mdev === false ? undefined : l3mdev
  }
}

function refuse(rule: RuleMessageInput, key: keyof RuleMessageInput, when: boolean, expected: string): void {
  const value = rule[key]
  if (when && value !== undefined) throw new InvalidType(value, expected, 'ERR_INVALID_ARG_VALUE').within(key)
}
