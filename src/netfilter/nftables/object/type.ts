import { be32, enumeration } from '../../../codec/index.js'
import type { InputOf } from '../../../codec/index.js'

/** `NFT_OBJECT_*`, linux/netfilter/nf_tables.h, as nft names them. */
export const objectType = enumeration(be32, {
  counter: 1,
  quota: 2,
  'ct helper': 3,
  limit: 4,
  connlimit: 5,
  tunnel: 6,
  'ct timeout': 7,
  secmark: 8,
  'ct expectation': 9,
  synproxy: 10
})

/** The kind of a stateful object. */
export type ObjectKindName = Extract<InputOf<typeof objectType>, string>
