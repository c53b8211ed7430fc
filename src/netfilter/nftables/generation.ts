import { attribute, be32, header, record, required, text } from '../../codec/index.js'
import type { Operation } from '../../netlink/index.js'
import { nftFamily } from './family.js'
import { nftOperation, reader } from './operation.js'

/** `NFTA_GEN_*`, linux/netfilter/nf_tables.h */
const generationMessage = record(
  {
    family: required(header(0, nftFamily)),
    id: attribute(1, be32),
    processId: attribute(2, be32),
    processName: attribute(3, text(15))
  },
  { headerSize: 4, what: 'a generation' }
)

/** Which state the rule set is in: each transaction makes a new one. */
export interface Generation {
  readonly id: number
  /** Who made it. */
  readonly processId?: number
  readonly processName?: string
}

export const readGeneration = reader('NFT_MSG_NEWGEN', generationMessage, (message): Generation => {
  const { id, processId, processName } = message
  return {
    id: id ?? 0,
    ...(processId === undefined ? {} : { processId }),
    ...(processName === undefined ? {} : { processName })
  }
})

/** Asks for the generation. */
export function getGeneration(): Operation<Generation> {
  const operation = nftOperation({
    request: { method: 'nftables.generation', input: undefined },
    message: 'NFT_MSG_GETGEN',
    flags: 0,
    schema: generationMessage,
    input: { family: 'inet' },
    read: readGeneration
  })
  return { ...operation, replies: true } as Operation<Generation>
}
