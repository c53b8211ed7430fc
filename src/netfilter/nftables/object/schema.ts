import {
  attribute,
  be16,
  be32,
  be64,
  bytes,
  compile,
  header,
  readOnly,
  record,
  required,
  text,
  u32,
  u8
} from '../../../codec/index.js'
import type { InputOf, OutputOf } from '../../../codec/index.js'
import { inetProtocol } from '../datatype/inet-protocol.js'
import { connlimitFields } from '../expression/kinds/connlimit.js'
import { counterFields } from '../expression/kinds/counter.js'
import { limitFields } from '../expression/kinds/limit.js'
import { quotaFields } from '../expression/kinds/quota.js'
import { synproxyFields } from '../expression/kinds/synproxy.js'
import { nftFamily } from '../family.js'
import { nftName } from '../names.js'
import { l3protocol } from './l3protocol.js'
import { objectType } from './type.js'

/** The `NFTA_OBJ_DATA` of each kind of object, linux/netfilter/nf_tables.h */
export const objectData = {
  counter: record(counterFields, { what: 'a counter' }),
  quota: record(quotaFields, { what: 'a quota' }),
  limit: record(limitFields, { what: 'a limit' }),
  connlimit: record(connlimitFields, { what: 'a limit of connections' }),
  synproxy: record(synproxyFields, { what: 'a SYN proxy' }),
  /** `NFTA_CT_HELPER_*` */
  'ct helper': record(
    {
      name: required(attribute(1, text(15))),
      l3protocol: attribute(2, l3protocol),
      protocol: required(attribute(3, inetProtocol))
    },
    { what: 'a helper of connection tracking' }
  ),
  /** `NFTA_CT_EXPECT_*` */
  'ct expectation': record(
    {
      l3protocol: attribute(1, l3protocol),
      protocol: required(attribute(2, inetProtocol)),
      destinationPort: required(attribute(3, be16)),
      /** Milliseconds. */
      timeout: required(attribute(4, u32)),
      size: required(attribute(5, u8))
    },
    { what: 'an expectation' }
  ),
  /** `NFTA_CT_TIMEOUT_*`; the seconds of each state, by the kernel's number of it. */
  'ct timeout': record(
    {
      l3protocol: required(attribute(1, l3protocol)),
      protocol: required(attribute(2, inetProtocol)),
      data: attribute(3, bytes())
    },
    { what: 'time limits of connection tracking' }
  ),
  /** `NFTA_SECMARK_CTX` */
  secmark: record({ context: required(attribute(1, text(255))) }, { what: 'a security context' })
} as const

/** `NFTA_OBJ_*`, linux/netfilter/nf_tables.h; what `data` holds depends on the type. */
export const objectMessage = compile(
  record(
    {
      family: required(header(0, nftFamily)),
      table: required(attribute(1, nftName)),
      name: attribute(2, nftName),
      type: attribute(3, objectType),
      data: attribute(4, bytes()),
      use: readOnly(attribute(5, be32)),
      handle: attribute(6, be64),
      userdata: attribute(8, bytes(0, 256))
    },
    { headerSize: 4, what: 'a stateful object' }
  )
)

export type ObjectMessage = OutputOf<typeof objectMessage>
export type ObjectMessageInput = InputOf<typeof objectMessage>
