import {
  attribute,
  be32,
  be64,
  bytes,
  compile,
  flags,
  header,
  readOnly,
  record,
  required
} from '../../../codec/index.js'
import type { InputOf, OutputOf } from '../../../codec/index.js'
import { nftFamily } from '../family.js'
import { nftName } from '../names.js'

/** `NFT_TABLE_F_*`, linux/netfilter/nf_tables.h */
export const tableFlags = flags(be32, { dormant: 1, owner: 2, persist: 4 })

/** `NFTA_TABLE_*`, linux/netfilter/nf_tables.h */
export const tableMessage = compile(
  record(
    {
      family: required(header(0, nftFamily)),
      name: attribute(1, nftName),
      flags: attribute(2, tableFlags),
      use: readOnly(attribute(3, be32)),
      handle: attribute(4, be64),
      userdata: attribute(6, bytes(0, 256)),
      owner: readOnly(attribute(7, be32))
    },
    { headerSize: 4, what: 'a table' }
  )
)

export type TableMessage = OutputOf<typeof tableMessage>
export type TableMessageInput = InputOf<typeof tableMessage>
