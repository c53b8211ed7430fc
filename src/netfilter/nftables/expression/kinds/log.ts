import { attribute, be16, be32, enumeration, flags, text } from '../../../../codec/index.js'
import { defineExpression } from '../kind.js'

/** `NFT_LOGLEVEL_*`, linux/netfilter/nf_tables.h, as nft names them. */
export const logLevel = enumeration(be32, {
  emerg: 0,
  alert: 1,
  crit: 2,
  err: 3,
  warn: 4,
  notice: 5,
  info: 6,
  debug: 7,
  audit: 8
})

/** `NF_LOG_*`, linux/netfilter/nf_log.h, as nft names them. */
export const logFlags = flags(be32, {
  'tcp sequence': 1,
  'tcp options': 2,
  'ip options': 4,
  skuid: 8,
  nflog: 16,
  ether: 32
})

/** Logs the packet: to the kernel's log, or with `group` to who listens by netlink. `NFTA_LOG_*`, linux/netfilter/nf_tables.h */
export const log = defineExpression({
  name: 'log',
  fields: {
    group: attribute(1, be16),
    /** At most `NF_LOG_PREFIXLEN` − 1 = 127 bytes. */
    prefix: attribute(2, text(127)),
    /** Bytes of the packet to copy; 0 is all. */
    snaplen: attribute(3, be32),
    /** Packets that wait in the kernel before they are sent together. */
    queueThreshold: attribute(4, be16),
    level: attribute(5, logLevel),
    flags: attribute(6, logFlags)
  }
})
