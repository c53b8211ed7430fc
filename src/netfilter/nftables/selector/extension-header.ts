import type { DataType } from '../datatype/datatype.js'
import { dataTypes } from '../datatype/types.js'
import type { RuleBuilder } from '../rule/builder.js'
import { registerAt } from '../rule/registers.js'
import { requireNetwork } from './dependency.js'
import { bitsOf } from './header/header.js'
import { Selector } from './selector.js'

/** Where an extension lies. */
export interface Extension {
  readonly name: string
  readonly operation: 'ipv6' | 'tcpopt' | 'ipv4' | 'sctp'
  readonly type: number
  readonly require?: (builder: RuleBuilder) => void
}

/** Whether an extension is there at all. */
export function extensionExists({ name, operation, type, require }: Extension): Selector<boolean> {
  return new Selector<boolean>({
    name,
    type: dataTypes.boolean,
    ...(require === undefined ? {} : { require }),
    load: (builder, place) =>
      builder.emit({
        kind: 'exthdr',
        destinationRegister: registerAt(place),
        type,
        offset: 0,
        length: 1,
        flags: ['present'],
        operation
      })
  })
}

/** A field of an extension, by its bits. */
export function extensionField<V>(
  extension: Extension,
  field: string,
  offset: number,
  length: number,
  dataTypeOf: DataType<V>
): Selector<V> {
  const { name, operation, type, require } = extension
  const first = offset >>> 3
  const end = (offset + length + 7) >>> 3
  const shift = end * 8 - offset - length
  const aligned = (offset & 7) === 0 && shift === 0
  const mask = new Uint8Array(end - first)
  for (let bit = shift; bit < shift + length; bit++) mask[mask.length - 1 - (bit >>> 3)]! |= 1 << (bit & 7)
  const place = { type, offset: first, length: end - first, operation }
  return new Selector<V>({
    name: `${name} ${field}`,
    type: dataTypeOf,
    ...(require === undefined ? {} : { require }),
    load: (builder, at) => builder.emit({ kind: 'exthdr', destinationRegister: registerAt(at), ...place }),
    store: (builder, at) => builder.emit({ kind: 'exthdr', sourceRegister: registerAt(at), ...place }),
    ...(aligned ? {} : { field: { mask, shift } })
  })
}

const header = (name: string, type: number): Extension => ({
  name,
  operation: 'ipv6',
  type,
  require: (builder) => requireNetwork(builder, 'ip6')
})

const hbhHeader = header('hbh', 0)
const rtHeader = header('rt', 43)
const fragHeader = header('frag', 44)
const dstHeader = header('dst', 60)
const mhHeader = header('mh', 135)
const srhHeader = header('srh', 43)
const authHeader = header('auth', 51)

/** The extension headers of IPv6 (RFC 8200, 4), and whether they are there. */
export const exthdr = {
  exists: {
    hbh: extensionExists(hbhHeader),
    rt: extensionExists(rtHeader),
    frag: extensionExists(fragHeader),
    dst: extensionExists(dstHeader),
    mh: extensionExists(mhHeader),
    auth: extensionExists(authHeader)
  },
  hbh: {
    nexthdr: extensionField(hbhHeader, 'nexthdr', 0, 8, dataTypes.inet_proto),
    hdrlength: extensionField(hbhHeader, 'hdrlength', 8, 8, bitsOf(8))
  },
  dst: {
    nexthdr: extensionField(dstHeader, 'nexthdr', 0, 8, dataTypes.inet_proto),
    hdrlength: extensionField(dstHeader, 'hdrlength', 8, 8, bitsOf(8))
  },
  rt: {
    nexthdr: extensionField(rtHeader, 'nexthdr', 0, 8, dataTypes.inet_proto),
    hdrlength: extensionField(rtHeader, 'hdrlength', 8, 8, bitsOf(8)),
    type: extensionField(rtHeader, 'type', 16, 8, bitsOf(8)),
    segLeft: extensionField(rtHeader, 'seg-left', 24, 8, bitsOf(8))
  },
  frag: {
    nexthdr: extensionField(fragHeader, 'nexthdr', 0, 8, dataTypes.inet_proto),
    reserved: extensionField(fragHeader, 'reserved', 8, 8, bitsOf(8)),
    fragOff: extensionField(fragHeader, 'frag-off', 16, 13, bitsOf(13)),
    moreFragments: extensionField(fragHeader, 'more-fragments', 31, 1, bitsOf(1)),
    id: extensionField(fragHeader, 'id', 32, 32, bitsOf(32))
  },
  mh: {
    nexthdr: extensionField(mhHeader, 'nexthdr', 0, 8, dataTypes.inet_proto),
    hdrlength: extensionField(mhHeader, 'hdrlength', 8, 8, bitsOf(8)),
    type: extensionField(mhHeader, 'type', 16, 8, dataTypes.mh_type),
    checksum: extensionField(mhHeader, 'checksum', 32, 16, bitsOf(16))
  },
  srh: {
    lastEntry: extensionField(srhHeader, 'last-entry', 32, 8, bitsOf(8)),
    flags: extensionField(srhHeader, 'flags', 40, 8, bitsOf(8)),
    tag: extensionField(srhHeader, 'tag', 48, 16, bitsOf(16))
  }
} as const
