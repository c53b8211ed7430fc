import {
  attribute,
  be32,
  be64,
  bei32,
  bytes,
  compile,
  enumeration,
  flags,
  header,
  interfaceName,
  list,
  readOnly,
  record,
  required,
  text
} from '../../../codec/index.js'
import type { InputOf, OutputOf } from '../../../codec/index.js'
import { nftFamily } from '../family.js'
import { nftName } from '../names.js'

/** `NFTA_HOOK_*`, linux/netfilter/nf_tables.h */
export const hookAttributes = record(
  {
    number: attribute(1, be32),
    priority: attribute(2, bei32),
    device: attribute(3, interfaceName),
    devices: attribute(4, list(interfaceName, 1))
  },
  { what: 'a hook' }
)

/** `NF_DROP` and `NF_ACCEPT`, linux/netfilter.h */
export const chainPolicy = enumeration(be32, { drop: 0, accept: 1 })

/** `NFT_CHAIN_*`, linux/netfilter/nf_tables.h */
export const chainFlags = flags(be32, { base: 1, offload: 2, binding: 4 })

/** `NFTA_CHAIN_*`, linux/netfilter/nf_tables.h */
export const chainMessage = compile(
  record(
    {
      family: required(header(0, nftFamily)),
      table: required(attribute(1, nftName)),
      handle: attribute(2, be64),
      name: attribute(3, nftName),
      hook: attribute(4, hookAttributes),
      policy: attribute(5, chainPolicy),
      use: readOnly(attribute(6, be32)),
      type: attribute(7, text(63)),
      counters: attribute(8, record({ bytes: attribute(1, be64), packets: attribute(2, be64) })),
      flags: attribute(10, chainFlags),
      id: attribute(11, be32),
      userdata: attribute(12, bytes(0, 256))
    },
    { headerSize: 4, what: 'a chain' }
  )
)

export type ChainMessage = OutputOf<typeof chainMessage>
export type ChainMessageInput = InputOf<typeof chainMessage>
