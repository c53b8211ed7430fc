import {
  attribute,
  be32,
  be64,
  bytes,
  compile,
  header,
  list,
  record,
  required
} from '../../../codec/index.js'
import type { InputOf, OutputOf } from '../../../codec/index.js'
import { expression } from '../expression/index.js'
import { nftFamily } from '../family.js'
import { nftName } from '../names.js'

/** `NFTA_RULE_*` and `NFTA_RULE_COMPAT_*`, linux/netfilter/nf_tables.h */
export const ruleMessage = compile(
  record(
    {
      family: required(header(0, nftFamily)),
      table: required(attribute(1, nftName)),
      chain: attribute(2, nftName),
      handle: attribute(3, be64),
      expressions: attribute(4, list(expression, 1)),
      /** Of rules that iptables made. */
      compat: attribute(5, record({ protocol: attribute(1, be32), flags: attribute(2, be32) })),
      position: attribute(6, be64),
      userdata: attribute(7, bytes(0, 256)),
      id: attribute(9, be32),
      positionId: attribute(10, be32),
      chainId: attribute(11, be32)
    },
    { headerSize: 4, what: 'a rule' }
  )
)

export type RuleMessage = OutputOf<typeof ruleMessage>
export type RuleMessageInput = InputOf<typeof ruleMessage>
