/** What operations and dump requests would send, without a kernel. */
import { Writer } from '../../../src/codec/index.js'
import type { Message, NetlinkConnection } from '../../../src/netlink/index.js'

/** Nothing is sent: operations only ask it whose links are. */
export const connection = {} as NetlinkConnection

/** The index that every name is given. */
export const index = 7

interface Writes {
  write(writer: Writer, indexOf: (name: string) => number): void
}

/** The payload of a request in hexadecimal, after `nlmsghdr`, in groups of four bytes. */
export function encoded(request: Writes): string {
  const writer = new Writer()
  request.write(writer, () => index)
  return hex(writer.written())
}

/** A message with a payload in hexadecimal; spaces and line ends don't matter. */
export function message(type: number, payload: string): Message {
  const bytes = new Uint8Array(Buffer.from(payload.replace(/\s+/g, ''), 'hex'))
  return { type, flags: 0, sequence: 0, bytes, offset: 0, length: bytes.length }
}

export function hex(bytes: Uint8Array): string {
  return (
    Buffer.from(bytes)
      .toString('hex')
      .match(/.{1,8}/g) ?? []
  ).join(' ')
}
