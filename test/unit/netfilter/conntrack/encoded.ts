/** What operations would send, without a kernel. */
import { Writer } from '../../../../src/codec/index.js'
import type { Message } from '../../../../src/netlink/index.js'

/** The payload of a request in hexadecimal, after `nlmsghdr`, in groups of four bytes. */
export function encoded(request: { write(writer: Writer, indexOf: (name: string) => number): void }): string {
  const writer = new Writer()
  request.write(writer, () => 0)
  return hex(writer.written())
}

/** A message with a payload in hexadecimal; spaces and line ends don't matter. */
export function message(type: number, payload: string): Message {
  const bytes = new Uint8Array(Buffer.from(payload.replace(/\s+/g, ''), 'hex'))
  return { type, flags: 0, sequence: 0, bytes, offset: 0, length: bytes.length }
}

function hex(bytes: Uint8Array): string {
  return (
    Buffer.from(bytes)
      .toString('hex')
      .match(/.{1,8}/g) ?? []
  ).join(' ')
}
