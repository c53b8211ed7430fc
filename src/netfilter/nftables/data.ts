import { attribute, bytes, compile, record } from '../../codec/index.js'
import type { InputOf, OutputOf } from '../../codec/index.js'
import { verdictData } from './verdict.js'

/** `NFTA_DATA_*`, linux/netfilter/nf_tables.h: a value, or a verdict. */
export const data = compile(
  record(
    {
      /** At most `NFT_DATA_VALUE_MAXLEN` = 64 bytes. */
      value: attribute(1, bytes(1, 64)),
      verdict: attribute(2, verdictData)
    },
    { what: 'an object with a value or a verdict' }
  )
)

/** What an expression compares with or loads: bytes, or a verdict. */
export type Data = OutputOf<typeof data>
export type DataInput = InputOf<typeof data>
