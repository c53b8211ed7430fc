import {
  attributeHeaderSize,
  attributeTypeMask,
  invalidType,
  joinPath,
  readText,
  within
} from '../../codec/index.js'
import type { ReadOptions, Type, UnknownAttribute, Writer } from '../../codec/index.js'
import { kindNamed } from './kind-named.js'
import type { LinkKind } from './kind.js'

/** `IFLA_INFO_*`, linux/if_link.h */
const IFLA_LINKINFO = 18
const IFLA_INFO_KIND = 1
const IFLA_INFO_DATA = 2
const IFLA_INFO_XSTATS = 3
const IFLA_INFO_SLAVE_KIND = 4
const IFLA_INFO_SLAVE_DATA = 5
const nested = 0x8000

/** What `IFLA_LINKINFO` tells: the kind of a link, and of its master, with the settings of each. */
export interface LinkInfo {
  kindName?: string
  /** Decoded where the kind is known, otherwise as it came. */
  data?: Readonly<Record<string, unknown>> | Uint8Array
  portKindName?: string
  portData?: Readonly<Record<string, unknown>> | Uint8Array
  unknown?: UnknownAttribute[]
}

/** Gives the path of an attribute within the payload of another. */
type Locate = (bytes: Uint8Array, offset: number, length: number, wanted: number) => string | undefined

/**
 * Reads `IFLA_LINKINFO`. How it is written depends on more than its content: see `writeLinkInfo`. A peer is a
 * link message within a link message: `locateInPeer` finds attributes there.
 */
export const linkInfo = (locateInPeer: Locate): Type<LinkInfo> => ({
  expected: 'the kind of a link',
  size: 0,
  nested: true,
  write: (_writer, value) => invalidType(value, 'absent: it is written by writeLinkInfo'),
  read(bytes, offset, length, options) {
    const info: LinkInfo = {}
    for (const { type, at, size } of attributesOf(bytes, offset, length)) {
      switch (type & attributeTypeMask) {
        case IFLA_INFO_KIND:
          info.kindName = readText(bytes, at, size)
          break
        case IFLA_INFO_DATA:
          info.data = readSettings(kindNamed(info.kindName)?.data, bytes, at, size, options)
          break
        case IFLA_INFO_SLAVE_KIND:
          info.portKindName = readText(bytes, at, size)
          break
        case IFLA_INFO_SLAVE_DATA:
          info.portData = readSettings(kindNamed(info.portKindName)?.port, bytes, at, size, options)
          break
        // Statistics of CAN links and of bonds, in structs of their own.
        case IFLA_INFO_XSTATS:
          break
        default:
          ;(info.unknown ??= []).push({ type, bytes: bytes.slice(at, at + size) })
      }
    }
    return info
  },
  locate(bytes, offset, length, wanted) {
    let kind: LinkKind | undefined
    for (const { type, at, size } of attributesOf(bytes, offset, length)) {
      const number = type & attributeTypeMask
      if (number === IFLA_INFO_KIND || number === IFLA_INFO_SLAVE_KIND) {
        kind = kindNamed(readText(bytes, at, size))
      }
      if (wanted < at - attributeHeaderSize || wanted >= at + size) continue
      if (number === IFLA_INFO_KIND || number === IFLA_INFO_SLAVE_KIND) return 'kind'
      if (kind === undefined) return undefined
      if (number === IFLA_INFO_SLAVE_DATA)
        return joinPath(kind.portName, kind.port?.locate(bytes, at, size, wanted))
      const peer = kind.options.peer
      if (peer !== undefined) return peerPath(bytes, at, size, wanted, peer, locateInPeer)
      return joinPath(kind.name, kind.data?.locate(bytes, at, size, wanted))
    }
    return undefined
  }
})

function peerPath(
  bytes: Uint8Array,
  offset: number,
  length: number,
  wanted: number,
  number: number,
  locateInPeer: Locate
): string | undefined {
  for (const { type, at, size } of attributesOf(bytes, offset, length)) {
    if ((type & attributeTypeMask) !== number || wanted < at - attributeHeaderSize || wanted >= at + size)
      continue
    return joinPath('peer', wanted < at ? undefined : locateInPeer(bytes, at, size, wanted))
  }
  return undefined
}

function readSettings(
  settings: LinkKind['data'],
  bytes: Uint8Array,
  at: number,
  size: number,
  options: ReadOptions | undefined
): Readonly<Record<string, unknown>> | Uint8Array {
  if (settings === undefined) return bytes.slice(at, at + size)
  return settings.read(bytes, at, size, options)
}

interface Attribute {
  readonly type: number
  /** Where its payload begins. */
  readonly at: number
  readonly size: number
}

function* attributesOf(
  bytes: Uint8Array,
  offset: number,
  length: number
): Generator<Attribute, void, undefined> {
  const end = offset + length
  let at = offset
  while (at + attributeHeaderSize <= end) {
    const size = bytes[at]! | (bytes[at + 1]! << 8)
    if (size < attributeHeaderSize || at + size > end) return
    const type = bytes[at + 2]! | (bytes[at + 3]! << 8)
    yield { type, at: at + attributeHeaderSize, size: size - attributeHeaderSize }
    at += (size + 3) & ~3
  }
}

/** What to write into `IFLA_LINKINFO`. */
export interface LinkInfoInput {
  readonly kindName?: string | undefined
  /** Appends the payload of `IFLA_INFO_DATA`. */
  readonly data?: ((writer: Writer) => void) | undefined
  readonly portKind?: LinkKind | undefined
  readonly portData?: object | undefined
}

/** Appends `IFLA_LINKINFO`. */
export function writeLinkInfo(writer: Writer, info: LinkInfoInput): void {
  const { kindName, data, portKind, portData } = info
  if (kindName === undefined && portKind === undefined) return
  const start = writer.beginAttribute(IFLA_LINKINFO | nested)
  if (kindName !== undefined) writeKind(writer, IFLA_INFO_KIND, kindName)
  if (data !== undefined) {
    const dataStart = writer.beginAttribute(IFLA_INFO_DATA | nested)
    data(writer)
    writer.endAttribute(dataStart)
  }
  if (portKind !== undefined && portData !== undefined) {
    writeKind(writer, IFLA_INFO_SLAVE_KIND, portKind.name)
    const dataStart = writer.beginAttribute(IFLA_INFO_SLAVE_DATA | nested)
    within(portKind.portName, () => portKind.port!.write(writer, portData as Record<string, never>))
    writer.endAttribute(dataStart)
  }
  writer.endAttribute(start)
}

const encoder = new TextEncoder()

function writeKind(writer: Writer, number: number, name: string): void {
  const start = writer.beginAttribute(number)
  writer.raw(encoder.encode(name))
  writer.u8(0)
  writer.endAttribute(start)
}
