/** Puts a message behind its length, as TCP carries it (RFC 1035, 4.2.2). */
export function frame(message: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(2 + message.length)
  framed.writeUInt16BE(message.length, 0)
  message.copy(framed, 2)
  return framed
}

/** Cuts a stream into its messages. It holds at most one that is incomplete. */
export class FrameReader {
  #chunks: Buffer[] = []
  #length = 0
  /** How much must be there before it is worth looking again. */
  #wanted = 2

  /** The messages that are complete with this chunk. */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk)
    this.#length += chunk.length
    const messages: Buffer[] = []
    if (this.#length < this.#wanted) return messages
    let rest = Buffer.concat(this.#chunks, this.#length)
    this.#wanted = 2
    while (rest.length >= 2) {
      const end = 2 + rest.readUInt16BE(0)
      if (rest.length < end) {
        this.#wanted = end
        break
      }
      messages.push(rest.subarray(2, end))
      rest = rest.subarray(end)
    }
    this.#chunks = [rest]
    this.#length = rest.length
    return messages
  }
}
