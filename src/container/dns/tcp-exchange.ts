import { closeSync } from 'node:fs'
import { Socket } from 'node:net'
import type { NetworkNamespace } from '../../namespace/index.js'
import { FrameReader, frame } from './frames.js'
import { idOf } from './message.js'
import type { Query } from './query.js'
import type { ServerAddress } from './udp-exchange.js'
import { answers } from './upstream-answer.js'

/**
 * Asks a server over a TCP connection of its own. `done` is called once, with its response or, if there is none, with
 * undefined; and not at all once the function that this returns was called.
 */
export function askOverTcp(
  namespace: NetworkNamespace,
  server: ServerAddress,
  query: Query,
  done: (response: Buffer | undefined) => void
): () => void {
  let socket: Socket | undefined
  let finished = false
  const finish = (response?: Buffer): void => {
    if (finished) return
    finished = true
    socket?.destroy()
    done(response)
  }
  const connect = (fd: number): void => {
    if (finished) return closeSync(fd)
    const reader = new FrameReader()
    socket = new Socket({ fd })
    socket
      .unref()
      .on('error', () => finish())
      .on('close', () => finish())
      .on('data', (chunk: Buffer) => {
        // It was asked one question: whatever comes first is its answer, or none will follow.
        const [response] = reader.push(chunk)
        if (response !== undefined) finish(answers(response, query, idOf(query.bytes)) ? response : undefined)
      })
      .connect({ host: server.address, port: server.port }, () => socket!.write(frame(query.bytes)))
  }
  namespace
    .openSocket({ type: 'tcp', family: server.family })
    .then(connect)
    .catch(() => finish())
  return () => {
    finished = true
    socket?.destroy()
  }
}
