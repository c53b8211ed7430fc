import type { Socket } from 'node:net'
import { Readable } from 'node:stream'

/** What is kept of a process that has ended, at most: more than the kernel holds for it. */
const most = 1 << 20

/**
 * What a process writes, read from its end of a socket pair.
 *
 * A process may have ended before anybody reads, since `spawn` is asynchronous. Once it has, what is left in
 * the kernel is taken over into memory and the descriptor closed, so that nothing is lost and nothing leaks,
 * whether it is read late or never.
 */
export class OutputStream extends Readable {
  readonly #socket: Socket
  #draining = false

  constructor(socket: Socket) {
    super()
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => {
      const wanted = this.push(chunk)
      if (!wanted && !(this.#draining && this.readableLength < most)) socket.pause()
    })
    socket.on('end', () => this.push(null))
    socket.on('error', (error) => this.destroy(error))
    socket.on('close', () => {
      if (!socket.readableEnded) this.destroy()
    })
    socket.pause()
  }

  /** Takes over what is left, as far as it goes. A descendant of the process may still hold the other end. */
  drain(): void {
    this.#draining = true
    this.#socket.resume()
  }

  override _read(): void {
    this.#socket.resume()
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#socket.destroy()
    callback(error)
  }
}
