import { InvalidType } from '../../../codec/index.js'
import type { Statement } from '../rule/item.js'
import type { StatefulExpressionInput } from '../expression/index.js'
import type { ObjectKindName } from '../object/type.js'

/** A statement that can also belong to the elements of a set, as `{ expressions: [counter()] }`. */
export type StatefulStatement = StatefulExpressionInput

/** Counts packets and bytes. With a name it is the counter object of that name. */
export function counter(): StatefulExpressionInput
export function counter(from: { readonly packets?: number; readonly bytes?: number }): StatefulExpressionInput
export function counter(name: string): Statement
export function counter(
  from: string | { readonly packets?: number; readonly bytes?: number } = {}
): Statement | StatefulExpressionInput {
  if (typeof from === 'string') return object('counter', from)
  return { kind: 'counter', bytes: from.bytes ?? 0, packets: from.packets ?? 0 }
}

export interface LimitOptions {
  /** Packets a `per`; or bytes, with `unit: 'bytes'`. */
  readonly rate: number
  readonly per?: 'second' | 'minute' | 'hour' | 'day' | 'week' | undefined
  readonly unit?: 'packets' | 'bytes' | undefined
  /** How much may come at once: 5 packets by default. */
  readonly burst?: number | undefined
  /** Matches what is past the rate, rather than what is within. */
  readonly over?: boolean | undefined
}

const seconds = { second: 1, minute: 60, hour: 3600, day: 86400, week: 604800 } as const

/** Goes on with the rule up to a rate, or past it. With a name it is the limit object of that name. */
export function limit(options: LimitOptions): StatefulExpressionInput
export function limit(name: string): Statement
export function limit(options: LimitOptions | string): Statement | StatefulExpressionInput {
  if (typeof options === 'string') return object('limit', options)
  const { rate, per = 'second', unit = 'packets', burst = unit === 'packets' ? 5 : 0, over } = options
  if (!Object.hasOwn(seconds, per)) {
    const expected = `one of ${Object.keys(seconds).join(', ')}`
    throw new InvalidType(per, expected, 'ERR_INVALID_ARG_VALUE').within('per')
  }
  return {
    kind: 'limit',
    rate,
    unit: seconds[per],
    burst,
    type: unit,
    flags: over === true ? ['over'] : []
  }
}

export interface QuotaOptions {
  readonly bytes: number
  readonly consumed?: number | undefined
  /** Matches once it is used up, rather than until then. */
  readonly over?: boolean | undefined
}

/** Goes on with the rule until so many bytes have passed, or after. With a name it is the quota object of that name. */
export function quota(options: QuotaOptions): StatefulExpressionInput
export function quota(name: string): Statement
export function quota(options: QuotaOptions | string): Statement | StatefulExpressionInput {
  if (typeof options === 'string') return object('quota', options)
  const { bytes, consumed = 0, over } = options
  return { kind: 'quota', bytes, consumed, flags: over === true ? ['over'] : [] }
}

/** Goes on with the rule while the set, or the rule, has at most so many connections; or past that. */
export function connectionLimit(options: {
  readonly count: number
  readonly over?: boolean | undefined
}): StatefulExpressionInput {
  return { kind: 'connlimit', count: options.count, flags: options.over === true ? ['over'] : [] }
}

/** Remembers when it last ran. */
export function last(): StatefulExpressionInput {
  return { kind: 'last' }
}

/** Runs a stateful object of the table: a counter, a quota, a limit, a helper of connection tracking. */
export function object(type: ObjectKindName, name: string): Statement {
  return {
    statement: `${type} "${name}"`,
    build: (builder) => builder.emit({ kind: 'objref', type, name })
  }
}
