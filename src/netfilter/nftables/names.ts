import { text } from '../../codec/index.js'

/** The name of a table, chain, set or object: at most `NFT_NAME_MAXLEN` − 1 = 255 bytes, linux/netfilter/nf_tables.h. */
export const nftName = { ...text(255), minimum: 1 }
