import type { InputOf, OutputOf } from '../../../codec/index.js'
import { expressionOf } from './codec.js'
import { expressionKinds } from './kinds/index.js'

/** Any expression of a rule. */
export const expression = expressionOf(expressionKinds)

/** An expression as the kernel has it, registers and all. */
export type Expression = OutputOf<typeof expression>

/** An expression to write. */
export type ExpressionInput = InputOf<typeof expression>

export { statefulExpression } from './stateful.js'
export type { StatefulExpression, StatefulExpressionInput } from './stateful.js'
export type { UnknownExpression } from './codec.js'
