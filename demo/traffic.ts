import { createServer, get } from 'node:http'
import type { Server } from 'node:http'
import { Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { NetworkNamespace } from 'netloom'

/** An HTTP server of this process that listens inside a namespace. */
export async function serve(
  namespace: NetworkNamespace,
  address: string,
  body: string
): Promise<{ readonly port: number } & AsyncDisposable> {
  const server: Server = createServer((_request, response) => response.end(body))
  const fd = await namespace.openSocket({ type: 'tcp', address, port: 0 })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen({ fd }, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve()))
  }
}

/** GETs `/` over a connection that starts inside a namespace. */
export async function getThrough(namespace: NetworkNamespace, host: string, port: number): Promise<string> {
  const fd = await namespace.openSocket({ type: 'tcp' })
  const socket = new Socket({ fd }).connect({ host, port })
  return new Promise((resolve, reject) => {
    const options = {
      host,
      port,
      headers: { connection: 'close' },
      timeout: 5000,
      createConnection: () => socket
    }
    get(options, (response) => {
      text(response).then(resolve, reject)
    })
      .on('timeout', () => socket.destroy(new Error(`no answer from ${host}:${port}`)))
      .on('error', reject)
  })
}
