import { invalidType, isInvalid } from '../../../codec/index.js'
import type { AttributeLocator } from '../../../netlink/index.js'
import { readComment, writeComment } from '../comment.js'
import type { Commented } from '../comment.js'
import type { Expression, ExpressionInput } from '../expression/index.js'
import type { NftFamily } from '../family.js'
import type { UserdataAttribute } from '../userdata.js'
import { RuleBuilder } from './builder.js'
import type { RuleContext } from './builder.js'
import { isStatement } from './item.js'
import type { RuleItem } from './item.js'
import { ruleMessage } from './schema.js'
import type { RuleMessage, RuleMessageInput } from './schema.js'

/** The chain that a rule is in. */
export interface RuleChain {
  readonly family: NftFamily
  readonly table: string
  readonly chain: string
}

/** A rule that is there. */
export interface RuleRef extends RuleChain {
  readonly handle: number
}

/** A rule to make. */
export interface RuleSpec extends RuleChain, Commented {
  /** What it looks at and does, in order: what `nft` makes, the kernel's own expressions, and lists of both. */
  readonly expressions: readonly RuleItem[]
  /** The handle of another rule: `add` puts it behind that one, `insert` before. */
  readonly position?: number | undefined
  /** Of rules that iptables made. */
  readonly compat?: RuleMessageInput['compat']
}

/** A rule, as the kernel has it. */
export interface Rule extends RuleRef {
  readonly expressions: Expression[]
  /** The handle of the rule before it in its chain. */
  readonly previous?: number
  readonly compat?: RuleMessage['compat']
  readonly comment?: string
  readonly userdata?: UserdataAttribute[]
}

/** A rule, ready to be written. */
export interface BuiltRule {
  readonly input: RuleMessageInput
  readonly builder: RuleBuilder
  readonly schema: AttributeLocator
}

/** Turns the items of a rule into expressions; refuses what can't be right, with its path. */
export function buildRule(rule: RuleSpec | Rule, context: RuleContext): BuiltRule {
  const builder = new RuleBuilder(context)
  const { family, table, chain, expressions, compat } = rule
  const position = 'position' in rule ? rule.position : undefined
  addItems(builder, expressions, 'expressions')
  return {
    builder,
    schema: locatorOf(builder.origins),
    input: {
      family,
      table,
      chain,
      expressions: builder.expressions,
      ...(position === undefined ? {} : { position }),
      ...(compat === undefined ? {} : { compat }),
      userdata: writeComment(rule)
    }
  }
}

function addItems(builder: RuleBuilder, items: readonly RuleItem[], path: string): void {
  if (!Array.isArray(items)) {
    try {
      invalidType(items, 'an array of expressions')
    } catch (error) {
      throw isInvalid(error) ? error.within(path) : error
    }
  }
  for (let index = 0; index < items.length; index++) {
    const item: unknown = items[index]
    const here = `${path}[${index}]`
    if (Array.isArray(item)) {
      addItems(builder, item as readonly RuleItem[], here)
      continue
    }
    builder.registers.clear()
    builder.origin = here
    try {
      if (isStatement(item)) item.build(builder)
      else builder.emit(withSetId(builder, item as ExpressionInput))
    } catch (error) {
      throw isInvalid(error) ? error.within(here) : error
    }
  }
}

/** An expression that names a set of the same transaction says which by its number as well. */
function withSetId(builder: RuleBuilder, item: ExpressionInput): ExpressionInput {
  if (typeof item !== 'object' || (item as unknown) === null) {
    invalidType(item, 'a statement of `nft`, or an object with a kind')
  }
  const { kind } = item
  if (kind !== 'lookup' && kind !== 'dynset' && kind !== 'objref') return item
  if (item.setId !== undefined || item.set === undefined) return item
  return { ...item, ...builder.namedSet(item.set) }
}

/** Names the items of a rule in errors, rather than the expressions that they became. */
function locatorOf(origins: readonly string[]): AttributeLocator {
  return {
    headerSize: ruleMessage.headerSize,
    keyOf: (number) => ruleMessage.keyOf(number),
    locate(bytes, offset, length, wanted) {
      const path = ruleMessage.locate(bytes, offset, length, wanted)
      const match = path === undefined ? null : /^expressions\[(\d+)\]/.exec(path)
      if (match === null) return path
      return origins[Number(match[1])] ?? path
    }
  }
}

/** A rule as users see it. */
export function readRule(message: RuleMessage): Rule {
  const { family, table, chain, handle, expressions = [], position, compat } = message
  return {
    family: family as NftFamily,
    table: table!,
    chain: chain!,
    handle: handle ?? 0,
    expressions,
    ...(position === undefined ? {} : { previous: position }),
    ...(compat === undefined ? {} : { compat }),
    ...readComment(message.userdata)
  }
}
