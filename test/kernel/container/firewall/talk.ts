/** Servers and clients of TCP and UDP inside namespaces. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { Server, Socket } from 'node:net'
import type { NetworkNamespace } from '../../../../src/index.js'

export type Protocol = 'tcp' | 'udp'
type Family = 'inet' | 'inet6'

/** An IPv4 address as it looks on a socket of both families. */
const plain = (address: string | undefined): string => (address ?? '').replace('::ffff:', '')

/** What a server answers to each message: who it is, and who asked. Closes with the returned function. */
export async function serve(
  namespace: NetworkNamespace,
  name: string,
  port: number,
  family: Family,
  address?: string
): Promise<() => void> {
  const place = { family, port, ...(address === undefined ? {} : { address }) }
  const only = family === 'inet6' ? { ipv6Only: true } : {}
  const sockets = new Set<Socket>()
  const server = new Server((socket) => {
    sockets.add(socket)
    const from = plain(socket.remoteAddress)
    socket
      .on('data', () => socket.write(`${name} ${from}`))
      .on('error', () => undefined)
      .on('close', () => sockets.delete(socket))
  })
  server.listen({ fd: await namespace.openSocket({ type: 'tcp', ...place, ...only }) })
  await once(server, 'listening')
  const datagrams = createSocket(family === 'inet' ? 'udp4' : 'udp6')
  const listening = once(datagrams, 'listening')
  datagrams.bind({ fd: await namespace.openSocket({ type: 'udp', ...place, ...only }) })
  await listening
  datagrams.on('message', (message, { port: to, address: from }) =>
    datagrams.send(`${name} ${plain(from)}${message.length > 100 ? ` ${message.length}` : ''}`, to, from)
  )
  return () => {
    server.close()
    datagrams.close()
    for (const socket of sockets) socket.destroy()
  }
}

/** A client that keeps its socket. */
export interface Client {
  /** The answer; undefined where none comes in `patience` milliseconds, or the connection was refused. */
  ask(patience: number, message?: string): Promise<string | undefined>
  /** Whether the other end has ended it, or refused. */
  readonly ended: boolean
  close(): void
}

export async function client(
  namespace: NetworkNamespace,
  protocol: Protocol,
  address: string,
  port: number,
  source?: string
): Promise<Client> {
  const family: Family = address.includes(':') ? 'inet6' : 'inet'
  const bound = source === undefined ? {} : { address: source }
  const fd = await namespace.openSocket({ type: protocol, family, ...bound })
  return protocol === 'tcp' ? tcpClient(fd, address, port) : udpClient(fd, address, port, family)
}

function tcpClient(fd: number, host: string, port: number): Client {
  const socket = new Socket({ fd }).connect({ host, port })
  let ended = false
  socket.on('error', () => undefined).on('close', () => (ended = true))
  return {
    get ended() {
      return ended
    },
    ask(patience, message = '?') {
      if (!ended) socket.write(message)
      return answered(patience, (settle) => {
        if (ended) return settle(undefined)
        socket.once('data', (data) => settle(String(data))).once('close', () => settle(undefined))
      })
    },
    close: () => socket.destroy()
  }
}

async function udpClient(fd: number, address: string, port: number, family: Family): Promise<Client> {
  const socket = createSocket(family === 'inet' ? 'udp4' : 'udp6')
  const listening = once(socket, 'listening')
  socket.bind({ fd })
  await listening
  socket.on('error', () => undefined)
  return {
    ended: false,
    ask: (patience, message = '?') =>
      answered(patience, (settle) => {
        socket.once('message', (data) => settle(String(data)))
        socket.send(message, port, address, (error) => {
          if (error !== null) settle(undefined)
        })
      }),
    close: () => socket.close()
  }
}

function answered(
  patience: number,
  listen: (settle: (answer: string | undefined) => void) => void
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), patience)
    listen((answer) => {
      clearTimeout(timer)
      resolve(answer)
    })
  })
}
