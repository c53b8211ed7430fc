import { NetlinkError, errnoOf } from '../../netlink/index.js'
import { type EntryLayout, extensionHeader, inverted, linkNameSize } from './layout.js'

/** The links that a rule is for: those whose names begin so, or all others. A whole name ends with a zero. */
export interface LinkMatch {
  readonly name: Uint8Array
  readonly inverted: boolean
}

/** What a rule does; `continue` is that of one without a target. `other` targets are those of extensions, such as LOG. */
export type XtablesTarget =
  | { readonly kind: 'accept' | 'drop' | 'return' | 'reject' | 'continue' | 'other' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string }

/** A rule, as far as it can be judged without knowing the packet. */
export interface XtablesRule {
  readonly input?: LinkMatch | undefined
  readonly output?: LinkMatch | undefined
  /** It looks at something else too: addresses, the protocol, or what an extension knows. */
  readonly hasOtherConditions: boolean
  readonly target: XtablesTarget
}

/** One entry of a table, whose bounds have been checked: see `entryAt`. */
export interface Entry {
  /** Where it is in the table. */
  readonly offset: number
  readonly bytes: Uint8Array
  /** Where its target begins in `bytes`. */
  readonly target: number
}

/** An entry that doesn't lie within the table, or whose parts don't lie within it: `EPROTO`. */
export class MalformedTable extends NetlinkError {
  constructor(offset: number) {
    const explanation = `the entry at byte ${offset} of a table of legacy iptables does not hold together`
    super({ errno: errnoOf('EPROTO'), syscall: 'getsockopt', explanation })
  }
}

/** Throws `MalformedTable` unless an entry, with its target, is there. */
export function entryAt(table: Uint8Array, offset: number, layout: EntryLayout): Entry {
  const header = table.subarray(offset, offset + layout.size)
  if (header.length < layout.size) throw new MalformedTable(offset)
  const target = u16(header, layout.targetOffset)
  const bytes = table.subarray(offset, offset + u16(header, layout.nextOffset))
  const whole = bytes.length === u16(header, layout.nextOffset)
  if (!whole || target < layout.size || target + extensionHeader.size > bytes.length) {
    throw new MalformedTable(offset)
  }
  return { offset, bytes, target }
}

/** The name of the entry's target: empty for a verdict, `ERROR` where a chain begins. */
export const targetName = ({ bytes, target }: Entry): string => extensionName(bytes, target)

/** What comes with a target: a verdict, or the name of the chain that begins. */
export const targetData = ({ bytes, target }: Entry): Uint8Array =>
  bytes.subarray(target + extensionHeader.size)

/** Reads a rule; `chainAt` tells which chain begins at a place of the table. */
export function readRule(
  entry: Entry,
  layout: EntryLayout,
  chainAt: (offset: number) => string | undefined
): XtablesRule {
  const { bytes } = entry
  const invertedFlags = bytes[layout.invertedFlags]!
  const input = readLink(bytes, layout.links, (invertedFlags & inverted.input) !== 0)
  const output = readLink(bytes, layout.links + linkNameSize, (invertedFlags & inverted.output) !== 0)
  const looksAtMore =
    bytes.subarray(...layout.addressMasks).some((byte) => byte !== 0) ||
    u16(bytes, layout.protocol) !== 0 ||
    (bytes[layout.flags]! & ~layout.goto) !== 0 ||
    (invertedFlags & ~(inverted.input | inverted.output)) !== 0
  return {
    ...(typeof input === 'object' ? { input } : {}),
    ...(typeof output === 'object' ? { output } : {}),
    hasOtherConditions:
      looksAtMore || input === 'unclear' || output === 'unclear' || !matchesAreComments(entry, layout),
    target: readTarget(entry, layout, chainAt)
  }
}

/** `NF_DROP`, `NF_ACCEPT` and `XT_RETURN` as `struct xt_standard_target` has them: less one, and negative. */
const verdicts: ReadonlyMap<number, 'drop' | 'accept' | 'return'> = new Map([
  [-1, 'drop'],
  [-2, 'accept'],
  [-5, 'return']
])

function readTarget(
  entry: Entry,
  layout: EntryLayout,
  chainAt: (offset: number) => string | undefined
): XtablesTarget {
  const name = targetName(entry)
  if (name !== '') return { kind: name === 'REJECT' ? 'reject' : 'other' }
  const data = targetData(entry)
  if (data.length < 4) throw new MalformedTable(entry.offset)
  const verdict = new DataView(data.buffer, data.byteOffset).getInt32(0, true)
  if (verdict < 0) return { kind: verdicts.get(verdict) ?? 'other' }
  if (verdict === entry.offset + entry.bytes.length) return { kind: 'continue' }
  const chain = chainAt(verdict)
  if (chain === undefined) throw new MalformedTable(entry.offset)
  return { kind: (entry.bytes[layout.flags]! & layout.goto) !== 0 ? 'goto' : 'jump', chain }
}

/** `unclear` is a match of single bytes in the middle, or of no link at all; iptables makes neither but for `! -i +`. */
function readLink(bytes: Uint8Array, offset: number, isInverted: boolean): LinkMatch | 'any' | 'unclear' {
  const mask = bytes.subarray(offset + 2 * linkNameSize, offset + 3 * linkNameSize)
  const end = mask.findIndex((byte) => byte !== 0xff)
  const length = end === -1 ? linkNameSize : end
  if (mask.subarray(length).some((byte) => byte !== 0)) return 'unclear'
  if (length === 0) return isInverted ? 'unclear' : 'any'
  return { name: bytes.subarray(offset, offset + length), inverted: isInverted }
}

/** Whether the rule has no matches but comments, which say nothing about the packet. */
function matchesAreComments({ bytes, target, offset }: Entry, layout: EntryLayout): boolean {
  for (let at = layout.size; at < target;) {
    const length = at + extensionHeader.size <= target ? u16(bytes, at) : 0
    if (length < extensionHeader.size || at + length > target) throw new MalformedTable(offset)
    if (extensionName(bytes, at) !== 'comment') return false
    at += length
  }
  return true
}

function extensionName(bytes: Uint8Array, at: number): string {
  const start = at + extensionHeader.name
  return textOf(bytes.subarray(start, start + extensionHeader.nameSize))
}

/** The text before the first zero. */
export function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  return Buffer.from(end === -1 ? bytes : bytes.subarray(0, end)).toString('utf8')
}

const u16 = (bytes: Uint8Array, at: number): number => bytes[at]! | (bytes[at + 1]! << 8)
