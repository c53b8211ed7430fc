import {
  attribute,
  be32,
  be64,
  bytes,
  compile,
  enumeration,
  flags,
  header,
  list,
  readOnly,
  record,
  required,
  text
} from '../../../codec/index.js'
import type { InputOf, OutputOf } from '../../../codec/index.js'
import { data } from '../data.js'
import { statefulExpression } from '../expression/index.js'
import { nftFamily } from '../family.js'
import { nftName } from '../names.js'
import { objectType } from '../object/type.js'

/** `NFT_SET_*`, linux/netfilter/nf_tables.h; `dynamic` is `NFT_SET_EVAL`: rules may add elements. */
export const setFlags = flags(be32, {
  anonymous: 0x01,
  constant: 0x02,
  interval: 0x04,
  map: 0x08,
  timeout: 0x10,
  dynamic: 0x20,
  object: 0x40,
  concatenation: 0x80,
  expressions: 0x100
})

/** `NFTA_SET_DESC_*` and `NFTA_SET_FIELD_*`, linux/netfilter/nf_tables.h */
const description = record({
  /** How many elements it may hold. */
  size: attribute(1, be32),
  /** The bytes of each part of a concatenated key. */
  fields: attribute(2, list(record({ length: attribute(1, be32) }), 1))
})

/** `NFTA_SET_*`, linux/netfilter/nf_tables.h */
export const setMessage = compile(
  record(
    {
      family: required(header(0, nftFamily)),
      table: required(attribute(1, nftName)),
      name: attribute(2, nftName),
      handle: attribute(16, be64),
      flags: attribute(3, setFlags),
      keyType: attribute(4, be32),
      keyLength: attribute(5, be32),
      dataType: attribute(6, be32),
      dataLength: attribute(7, be32),
      objectType: attribute(15, objectType),
      policy: attribute(8, enumeration(be32, { performance: 0, memory: 1 })),
      id: attribute(10, be32),
      description: attribute(9, description),
      /** Milliseconds. */
      timeout: attribute(11, be64),
      /** Milliseconds. */
      gcInterval: attribute(12, be32),
      userdata: attribute(13, bytes(0, 256)),
      expression: attribute(17, statefulExpression),
      expressions: attribute(18, list(statefulExpression, 1)),
      /** Which implementation the kernel chose (Linux 6.15). */
      backend: readOnly(attribute(19, text(255))),
      /** How many elements it has (Linux 6.15). */
      count: readOnly(attribute(20, be32))
    },
    { headerSize: 4, what: 'a set' }
  )
)

export type SetMessage = OutputOf<typeof setMessage>
export type SetMessageInput = InputOf<typeof setMessage>

/** `NFT_SET_ELEM_*`, linux/netfilter/nf_tables.h */
export const elementFlags = flags(be32, { 'interval-end': 1, 'catch-all': 2 })

/** `NFTA_SET_ELEM_*`, linux/netfilter/nf_tables.h */
export const elementAttributes = compile(
  record(
    {
      key: attribute(1, data),
      keyEnd: attribute(10, data),
      data: attribute(2, data),
      flags: attribute(3, elementFlags),
      /** Milliseconds. */
      timeout: attribute(4, be64),
      /** Milliseconds that are left. */
      expiration: attribute(5, be64),
      userdata: attribute(6, bytes(0, 256)),
      expression: attribute(7, statefulExpression),
      object: attribute(9, nftName),
      expressions: attribute(11, list(statefulExpression, 1))
    },
    { what: 'an element' }
  )
)

export type ElementAttributes = OutputOf<typeof elementAttributes>
export type ElementAttributesInput = InputOf<typeof elementAttributes>

/** `NFTA_SET_ELEM_LIST_*`, linux/netfilter/nf_tables.h */
export const elementListMessage = compile(
  record(
    {
      family: required(header(0, nftFamily)),
      table: required(attribute(1, nftName)),
      set: required(attribute(2, nftName)),
      setId: attribute(4, be32),
      elements: attribute(3, list(elementAttributes, 1))
    },
    { headerSize: 4, what: 'elements of a set' }
  )
)
