import { invalidRange, invalidType, invalidValue, within } from '../../codec/index.js'
import { joinUserdata, readUserdata, textUserdata, userdataText } from './userdata.js'
import type { UserdataAttribute } from './userdata.js'

/** `NFTNL_UDATA_COMMENT_MAXLEN`, libnftnl: the NUL not counted. */
const longest = 127
const expected = `a comment of at most ${longest} bytes`

/** A comment as nft writes it; refuses what it couldn't read. */
export function commentUserdata(type: number, comment: string): UserdataAttribute {
  within('comment', () => {
    if (typeof comment !== 'string') invalidType(comment, expected)
    if (comment.includes('\0')) invalidValue(comment, `${expected}, without a NUL`)
    if (Buffer.byteLength(comment) > longest) invalidRange(comment, expected)
  })
  return textUserdata(type, comment)
}

/** What objects have that carry a comment and, for whatever else programs keep there, raw userdata. */
export interface Commented {
  readonly comment?: string | undefined
  /** What is kept beside the comment (libnftnl, udata.h). */
  readonly userdata?: readonly UserdataAttribute[] | undefined
}

/** The userdata of an object whose comment is attribute `type`. */
export function writeComment({ comment, userdata = [] }: Commented, type = 0): Uint8Array | undefined {
  if (comment === undefined && userdata.length === 0) return undefined
  const others = userdata.filter((attribute) => attribute.type !== type)
  return joinUserdata(comment === undefined ? others : [commentUserdata(type, comment), ...others])
}

/** Takes the comment out of the userdata of an object. */
export function readComment(
  bytes: Uint8Array | undefined,
  type = 0
): { comment?: string; userdata?: UserdataAttribute[] } {
  const attributes = readUserdata(bytes)
  const comment = userdataText(attributes, type)
  const userdata = attributes.filter((attribute) => attribute.type !== type)
  return {
    ...(comment === undefined ? {} : { comment }),
    ...(userdata.length === 0 ? {} : { userdata })
  }
}
