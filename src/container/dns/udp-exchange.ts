import { randomInt } from 'node:crypto'
import type { Socket } from 'node:dgram'
import type { NetworkNamespace } from '../../namespace/index.js'
import { openDatagramSocket } from './datagram-socket.js'
import { idOf, withId } from './message.js'
import type { Query } from './query.js'
import { answers } from './upstream-answer.js'

/** Where a DNS server is. */
export interface ServerAddress {
  readonly address: string
  readonly family: 'inet' | 'inet6'
  readonly port: number
}

type Done = (response: Buffer | undefined) => void

interface Pending {
  readonly query: Query
  readonly done: Done
}

/** So many queries to one server have a port of their own; further ones share one of these. */
const mostPorts = 64

/**
 * Asks one server over UDP. Each query has a random id and goes out from a random port (RFC 5452, 9.2), by a socket
 * that takes packets of this server alone, and that learns at once when nobody listens there.
 */
export class UdpExchange {
  readonly #namespace: NetworkNamespace
  readonly #server: ServerAddress
  readonly #ports: Port[] = []

  constructor(namespace: NetworkNamespace, server: ServerAddress) {
    this.#namespace = namespace
    this.#server = server
  }

  /**
   * `done` is called once, with the response under the id of the query, or with undefined if it can't be had; it is not
   * called once the function that this returns was called, which must be done when nobody waits any more.
   */
  ask(query: Query, done: Done): () => void {
    const port = this.#ports.length < mostPorts ? this.#open() : this.#ports[randomInt(mostPorts)]!
    return port.ask(query, done)
  }

  #open(): Port {
    const port: Port = new Port(this.#namespace, this.#server, () => {
      const index = this.#ports.indexOf(port)
      if (index >= 0) this.#ports.splice(index, 1)
    })
    this.#ports.push(port)
    return port
  }
}

/** A socket with a random port, for as long as a query waits at it. */
class Port {
  readonly #pending = new Map<number, Pending>()
  readonly #closed: () => void
  readonly #opened: Promise<Socket | undefined>
  #open = true

  constructor(namespace: NetworkNamespace, server: ServerAddress, closed: () => void) {
    this.#closed = closed
    this.#opened = this.#connect(namespace, server)
  }

  ask(query: Query, done: Done): () => void {
    let id: number
    do id = randomInt(0x10000)
    while (this.#pending.has(id))
    this.#pending.set(id, { query, done })
    void this.#opened.then((socket) => {
      if (!this.#open || !this.#pending.has(id)) return
      socket?.send(withId(query.bytes, id), (error) => {
        if (error !== null) this.#fail()
      })
    })
    return () => this.#forget(id)
  }

  #close(): void {
    if (!this.#open) return
    this.#open = false
    this.#pending.clear()
    this.#closed()
    void this.#opened.then((socket) => socket?.close())
  }

  async #connect(namespace: NetworkNamespace, server: ServerAddress): Promise<Socket | undefined> {
    const { address, family, port } = server
    try {
      const socket = await openDatagramSocket(namespace, { family })
      socket.on('message', (message) => this.#receive(message))
      // Such as ECONNREFUSED: it concerns every query that waits here.
      socket.on('error', () => this.#fail())
      return await new Promise<Socket>((resolve) => {
        socket.once('connect', () => resolve(socket))
        socket.once('error', () => resolve(socket))
        socket.connect(port, address)
      })
    } catch {
      this.#fail()
      return undefined
    }
  }

  #receive(message: Buffer): void {
    if (message.length < 2) return
    const id = idOf(message)
    const pending = this.#pending.get(id)
    if (pending === undefined || !answers(message, pending.query, id)) return
    message.writeUInt16BE(idOf(pending.query.bytes), 0)
    this.#forget(id)
    pending.done(message)
  }

  #fail(): void {
    const waiting = [...this.#pending.values()]
    this.#close()
    for (const { done } of waiting) done(undefined)
  }

  #forget(id: number): void {
    this.#pending.delete(id)
    if (this.#pending.size === 0) this.#close()
  }
}
