import type { InputOf, RecordType, Fields } from '../../codec/index.js'
import type { Message, Operation, RequestDescription } from '../../netlink/index.js'
import { nftType } from './message.js'
import type { NftMessage } from './message.js'

/** What a message of a transaction is made of. */
export interface NftRequest<R extends RecordType<Fields>, T> {
  readonly request: RequestDescription
  readonly message: NftMessage
  readonly flags: number
  readonly schema: R
  readonly input: InputOf<R>
  /** Reads the object out of the kernel's echo. */
  readonly read?: (message: Message) => T | undefined
  readonly explain?: (code: string) => string | undefined
}

/** One message of a transaction, or a request of its own. */
export function nftOperation<R extends RecordType<Fields>, T = void>(
  parts: NftRequest<R, T>
): Operation<T | undefined> {
  const { request, message, flags, schema, input, read, explain } = parts
  const type = nftType(message)
  return {
    request,
    syscall: message,
    type,
    flags,
    schema,
    write: (writer) => schema.write(writer, input),
    ...(read === undefined ? {} : { read: (messages) => readEcho(messages, read) }),
    ...(explain === undefined ? {} : { explain })
  }
}

function readEcho<T>(messages: readonly Message[], read: (message: Message) => T | undefined): T | undefined {
  for (const message of messages) {
    const value = read(message)
    if (value !== undefined) return value
  }
  return undefined
}

/** Reads a message of one type by its schema; `undefined` for one of another. */
export function reader<R extends RecordType<Fields>, T>(
  type: NftMessage,
  schema: R,
  make: (object: ReturnType<R['read']>) => T
): (message: Message) => T | undefined {
  const wanted = nftType(type)
  return (message) =>
    message.type === wanted
      ? make(schema.read(message.bytes, message.offset, message.length) as ReturnType<R['read']>)
      : undefined
}

/** Words of ours for errors that the kernel says little about. */
export function explanations(
  what: string,
  more: Readonly<Record<string, string>> = {}
): (code: string) => string | undefined {
  const words: Readonly<Record<string, string>> = {
    EEXIST: `there is such a ${what} already`,
    ENOENT: `there is no such ${what}, or something that it names does not exist`,
    EBUSY: `the ${what} is in use, or an object of that name is of another kind`,
    ...more
  }
  return (code) => (Object.hasOwn(words, code) ? words[code] : undefined)
}
