import type { InputOf, OutputOf } from '../../../codec/index.js'
import { expressionOf } from './codec.js'
import { connlimit } from './kinds/connlimit.js'
import { counter } from './kinds/counter.js'
import { last } from './kinds/last.js'
import { limit } from './kinds/limit.js'
import { quota } from './kinds/quota.js'

/** The kinds that keep a state of their own, and so can belong to the elements of a set. */
export const statefulKinds = [counter, limit, quota, connlimit, last] as const

/** An expression that belongs to each element of a set. */
export const statefulExpression = expressionOf(statefulKinds)

export type StatefulExpression = OutputOf<typeof statefulExpression>
export type StatefulExpressionInput = InputOf<typeof statefulExpression>
