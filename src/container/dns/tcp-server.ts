import { once } from 'node:events'
import { closeSync } from 'node:fs'
import { Server } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import type { NetworkNamespace } from '../../namespace/index.js'
import { FrameReader, frame } from './frames.js'

/** Calls `reply` once, now or later; with undefined for what is not to be answered. */
export type AnswerQuery = (query: Buffer, reply: (response: Buffer | undefined) => void) => void

/** Milliseconds in which nothing comes before a connection is closed (RFC 7766, 6.2.3: a few seconds). */
const idleTimeout = 10_000

/** More connections of one sandbox are closed at once. */
const mostConnections = 128

/** How many queries of a connection may be unanswered before no more are read. */
const mostUnanswered = 64

/** DNS over TCP (RFC 7766) for one sandbox: many queries a connection, each answered as soon as it can be. */
export class TcpServer {
  readonly #server: Server
  readonly #connections = new Set<Socket>()

  private constructor(answer: AnswerQuery) {
    this.#server = new Server({ allowHalfOpen: true }, (connection) => {
      this.#connections.add(connection)
      connection.once('close', () => this.#connections.delete(connection))
      serveConnection(connection, answer)
    })
    this.#server.maxConnections = mostConnections
    // Of a connection that could not be taken: its client tries again.
    this.#server.on('error', () => undefined)
  }

  /** Listens inside a namespace; port 0 is one that is free. It doesn't keep the process alive. */
  static async listen(
    namespace: NetworkNamespace,
    at: { readonly address: string; readonly port: number },
    answer: AnswerQuery
  ): Promise<TcpServer> {
    const fd = await namespace.openSocket({ type: 'tcp', ...at, listen: true })
    const listener = new TcpServer(answer)
    const server = listener.#server
    try {
      server.listen({ fd, exclusive: true })
      await once(server, 'listening')
    } catch (error) {
      // It listened already, so only a runtime that takes no descriptors fails here.
      closeSync(fd)
      throw error
    }
    server.unref()
    return listener
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Closes the connections too. */
  async close(): Promise<void> {
    for (const connection of this.#connections) connection.destroy()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }
}

function serveConnection(connection: Socket, answer: AnswerQuery): void {
  const reader = new FrameReader()
  let unanswered = 0
  let ended = false
  const settle = (): void => {
    if (connection.destroyed) return
    if (ended && unanswered === 0) connection.end()
    else if (unanswered >= mostUnanswered || connection.writableNeedDrain) connection.pause()
    else connection.resume()
  }
  connection
    .unref()
    .setNoDelay(true)
    .setTimeout(idleTimeout, () => connection.destroy())
    .on('error', () => connection.destroy())
    .on('drain', settle)
    .on('end', () => {
      ended = true
      settle()
    })
    .on('data', (chunk: Buffer) => {
      for (const query of reader.push(chunk)) {
        unanswered++
        answer(query, (response) => {
          unanswered--
          if (response !== undefined && connection.writable) connection.write(frame(response))
          settle()
        })
      }
      settle()
    })
}
