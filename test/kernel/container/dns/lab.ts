/** A host and its sandboxes, each with a cable of its own to the host, and DNS servers to forward to. */
import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'
import { once } from 'node:events'
import { Server } from 'node:net'
import { decode, encode } from 'dns-packet'
import type { DecodedPacket, Packet } from 'dns-packet'
import { LocalNameService } from '../../../../src/container/dns/index.js'
import type { NameEntry, ServedSandbox } from '../../../../src/container/dns/index.js'
import { FrameReader, frame } from '../../../../src/container/dns/frames.js'
import { NetworkNamespace, NetworkStack } from '../../../../src/index.js'
import { execute } from '../../../setup/namespace.js'
import { settled } from '../../../setup/settled.js'

/** A sandbox: `eth0` with 10.88.N.2 and fd88:N::2; the host has 10.88.N.1 and fd88:N::1 there. */
export interface Sandbox {
  readonly number: number
  readonly namespace: NetworkNamespace
  readonly stack: NetworkStack
  /** What `serve` takes, with the network `n1` and no upstreams. */
  served(part?: Partial<ServedSandbox>): ServedSandbox
  /** Runs a program inside; its standard output. */
  run(program: string, ...args: string[]): Promise<string>
  dig(...args: string[]): Promise<Dug>
}

/** What `dig` prints. */
export interface Dug {
  readonly status: string
  readonly flags: readonly string[]
  /** The data of the answers, sorted. */
  readonly answers: readonly string[]
}

type Respond = (query: DecodedPacket, overTcp: boolean) => Packet | Buffer | undefined

/** A DNS server of the test. */
export interface TestServer {
  /** What it was asked over either protocol. */
  readonly queries: { readonly packet: DecodedPacket; readonly overTcp: boolean; readonly port: number }[]
  close(): void
}

export class Lab {
  readonly host: NetworkNamespace
  readonly hostStack: NetworkStack
  readonly service: LocalNameService
  readonly #sandboxes: Sandbox[] = []
  readonly #servers: TestServer[] = []

  private constructor(host: NetworkNamespace, hostStack: NetworkStack) {
    this.host = host
    this.hostStack = hostStack
    this.service = new LocalNameService({ host })
  }

  static async open(): Promise<Lab> {
    const host = await NetworkNamespace.create()
    const stack = await NetworkStack.open({ namespace: host })
    await stack.links.set('lo', { up: true })
    return new Lab(host, stack)
  }

  /** A sandbox whose loopback link is up, unless `loopback` is false. */
  async sandbox({ loopback = true } = {}): Promise<Sandbox> {
    const number = this.#sandboxes.length + 1
    const namespace = await NetworkNamespace.create()
    const stack = await NetworkStack.open({ namespace })
    await stack.links.set('lo', { up: loopback })
    const name = `veth${number}`
    await this.hostStack.links.add({ kind: 'veth', name, up: true, peer: { name: 'eth0', namespace } })
    await stack.links.set('eth0', { up: true })
    for (const [far, end] of [
      [this.hostStack, 1],
      [stack, 2]
    ] as const) {
      const link = end === 1 ? name : 'eth0'
      await far.addresses.add(link, `10.88.${number}.${end}/24`)
      await far.addresses.add(link, { address: `fd88:${number}::${end}/64`, flags: ['nodad'] })
    }
    await settled(this.hostStack, stack)
    const run = (program: string, ...args: string[]) =>
      execute('nsenter', [`--net=${namespace.path}`, program, ...args])
    const sandbox: Sandbox = {
      number,
      namespace,
      stack,
      run,
      served: (part) => ({ id: `s${number}`, namespace, networkIds: ['n1'], upstreams: [], ...part }),
      dig: async (...args) => {
        const options = ['+tries=1', '+time=5', '+noall', '+comments', '+answer']
        return readDig(await run('dig', '@127.0.0.11', ...options, ...args))
      }
    }
    this.#sandboxes.push(sandbox)
    return sandbox
  }

  name(part: Partial<NameEntry>): void {
    const entry = { endpointId: 'e1', networkId: 'n1', networkName: 'net1', names: ['web'] }
    this.service.setName({ ...entry, ...part })
  }

  /** Starts a server that answers with what `respond` gives. */
  async server(namespace: NetworkNamespace, address: string, respond: Respond): Promise<TestServer> {
    const made = await startServer(namespace, address, respond)
    this.#servers.push(made)
    return made
  }

  async close(): Promise<void> {
    await this.service.close()
    for (const server of this.#servers) server.close()
    for (const { stack, namespace } of this.#sandboxes) {
      await stack.close()
      await namespace.close()
    }
    await this.hostStack.close()
    await this.host.close()
  }
}

/** A response with one address. */
export const says =
  (address: string): Respond =>
  ({ id, questions }) => ({
    type: 'response',
    id: id!,
    flags: 0x0180,
    questions: questions!,
    answers: [{ type: 'A', name: questions![0]!.name, ttl: 60, data: address }]
  })

/** A response with nothing but a code. */
export const fails =
  (code: number): Respond =>
  ({ id, questions }) => ({ type: 'response', id: id!, flags: 0x0180 | code, questions: questions! })

export const silent: Respond = () => undefined

async function startServer(
  namespace: NetworkNamespace,
  address: string,
  respond: Respond
): Promise<TestServer> {
  const queries: TestServer['queries'] = []
  const answer = (bytes: Buffer, overTcp: boolean, port: number): Buffer | undefined => {
    const packet = decode(bytes)
    queries.push({ packet, overTcp, port })
    const response = respond(packet, overTcp)
    return response === undefined || Buffer.isBuffer(response) ? response : encode(response)
  }
  const family = address.includes(':') ? 'inet6' : 'inet'
  const datagrams = createSocket(family === 'inet6' ? 'udp6' : 'udp4')
  const listening = once(datagrams, 'listening')
  datagrams.bind({ fd: await namespace.openSocket({ type: 'udp', family, address, port: 53 }) })
  await listening
  datagrams.on('message', (bytes, from) => {
    const response = answer(bytes, false, from.port)
    if (response !== undefined) datagrams.send(response, from.port, from.address)
  })
  const stream = new Server((connection) => {
    const reader = new FrameReader()
    connection
      .on('error', () => undefined)
      .on('data', (chunk: Buffer) => {
        for (const bytes of reader.push(chunk)) {
          const response = answer(bytes, true, connection.remotePort!)
          if (response !== undefined) connection.write(frame(response))
        }
      })
  })
  stream.listen({ fd: await namespace.openSocket({ type: 'tcp', family, address, port: 53 }) })
  await once(stream, 'listening')
  let open = true
  return {
    queries,
    close() {
      if (!open) return
      open = false
      datagrams.close()
      stream.close()
    }
  }
}

function readDig(text: string): Dug {
  const status = /status: (\w+)/.exec(text)?.[1] ?? text
  const flags = /flags: ([a-z ]*);/.exec(text)?.[1]?.split(' ') ?? []
  const answers = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith(';'))
    .map((line) => line.split(/\s+/).slice(4).join(' '))
  return { status, flags, answers: answers.sort() }
}

/** A query for an address of a name, with recursion desired. */
export const queryFor = (name: string, id = 1): Buffer =>
  encode({ type: 'query', id, flags: 0x0100, questions: [{ name, type: 'A' }] })

/** Opens a UDP socket for node:dgram inside, connected to the resolver. */
export async function client(sandbox: Sandbox): Promise<Socket> {
  const socket = createSocket('udp4')
  const listening = once(socket, 'listening')
  socket.bind({ fd: await sandbox.namespace.openSocket({ type: 'udp' }) })
  await listening
  socket.connect(53, '127.0.0.11')
  await once(socket, 'connect')
  return socket
}
