import { attribute, be32, bei32, compile, enumeration, present, record, required } from '../../codec/index.js'
import type { InputOf, OutputOf } from '../../codec/index.js'
import { nftName } from './names.js'

/** `NF_*`, linux/netfilter.h, and `NFT_*`, linux/netfilter/nf_tables.h */
export const verdictCode = enumeration(bei32, {
  drop: 0,
  accept: 1,
  stolen: 2,
  queue: 3,
  repeat: 4,
  continue: -1,
  break: -2,
  jump: -3,
  goto: -4,
  return: -5
})

/** `NFTA_VERDICT_*`, linux/netfilter/nf_tables.h */
export const verdictData = compile(
  record(
    {
      code: present(required(attribute(1, verdictCode))),
      /** Where `jump` and `goto` lead. */
      chain: attribute(2, nftName),
      /** In place of its name: the id that the chain has within the transaction that makes it. */
      chainId: attribute(3, be32)
    },
    { what: 'a verdict' }
  )
)

/** What becomes of a packet, as the kernel takes and gives it. */
export type VerdictInput = InputOf<typeof verdictData>
export type Verdict = OutputOf<typeof verdictData>
