import { within } from '../../../codec/index.js'
import type { Statement } from '../rule/item.js'
import { verdictInput } from '../verdict-spec.js'
import type { VerdictSpec } from '../verdict-spec.js'

/** Decides about the packet, and ends the rule. */
export function verdict(spec: VerdictSpec): Statement {
  return {
    statement: typeof spec === 'string' ? spec : JSON.stringify(spec),
    build(builder) {
      builder.immediate('verdict', { verdict: within('verdict', () => verdictInput(spec)) })
    }
  }
}

/** Lets the packet pass this chain. */
export const accept = (): Statement => verdict('accept')
export const drop = (): Statement => verdict('drop')
/** Goes on in another chain, and comes back at its end. */
export const jump = (chain: string): Statement => verdict({ jump: chain })
/** Goes on in another chain, and doesn't come back. */
export const goTo = (chain: string): Statement => verdict({ goto: chain })
