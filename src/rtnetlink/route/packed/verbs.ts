import type { AttributeLocator } from '../../../netlink/index.js'
import { NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE } from '../../../netlink/index.js'
import { routeProtocol } from '../../route-protocol.js'
import { RTM_DELROUTE, RTM_NEWROUTE, routeMessage, routeSelector } from '../schema.js'

/** What is asked for each row. */
export interface PackedVerb {
  readonly type: number
  /** `NLM_F_*`. */
  readonly flags: number
  readonly syscall: string
  readonly schema: AttributeLocator
  /** The protocol of a row that has none. */
  readonly protocol: number
}

const { boot, unspec } = routeProtocol.names
const change = { type: RTM_NEWROUTE, syscall: 'RTM_NEWROUTE', schema: routeMessage, protocol: boot } as const

/** As the verbs of routeOperations, one request each. */
export const packedVerbs = {
  add: { ...change, flags: NLM_F_CREATE | NLM_F_EXCL },
  replace: { ...change, flags: NLM_F_CREATE | NLM_F_REPLACE },
  delete: {
    type: RTM_DELROUTE,
    flags: 0,
    syscall: 'RTM_DELROUTE',
    schema: routeSelector,
    protocol: unspec
  }
} as const satisfies Record<string, PackedVerb>
