import type { ExpressionInput } from '../expression/index.js'
import type { RuleBuilder } from './builder.js'

/** A part of a rule that netloom turns into expressions: made by the constructors of `nft`. */
export interface Statement {
  /** What it is, as nft prints it, more or less: for people. */
  readonly statement: string
  /** Appends its expressions. */
  build(builder: RuleBuilder): void
}

/** What a rule is made of: statements, the kernel's own expressions, and lists of both. */
export type RuleItem = Statement | ExpressionInput | readonly RuleItem[]

export function isStatement(item: unknown): item is Statement {
  return typeof item === 'object' && item !== null && typeof (item as Partial<Statement>).build === 'function'
}
