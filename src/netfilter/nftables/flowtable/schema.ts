import {
  attribute,
  be32,
  be64,
  bei32,
  compile,
  flags,
  header,
  interfaceName,
  list,
  readOnly,
  record,
  required
} from '../../../codec/index.js'
import type { InputOf, OutputOf } from '../../../codec/index.js'
import { nftFamily } from '../family.js'
import { nftName } from '../names.js'

/** `NFTA_FLOWTABLE_HOOK_*`, linux/netfilter/nf_tables.h */
const flowtableHook = record({
  number: attribute(1, be32),
  priority: attribute(2, bei32),
  devices: attribute(3, list(interfaceName, 1))
})

/** `NFTA_FLOWTABLE_*` and `NFT_FLOWTABLE_*`, linux/netfilter/nf_tables.h */
export const flowtableMessage = compile(
  record(
    {
      family: required(header(0, nftFamily)),
      table: required(attribute(1, nftName)),
      name: attribute(2, nftName),
      hook: attribute(3, flowtableHook),
      use: readOnly(attribute(4, be32)),
      handle: attribute(5, be64),
      flags: attribute(7, flags(be32, { offload: 1, counter: 2 }))
    },
    { headerSize: 4, what: 'a flowtable' }
  )
)

export type FlowtableMessage = OutputOf<typeof flowtableMessage>
export type FlowtableMessageInput = InputOf<typeof flowtableMessage>
