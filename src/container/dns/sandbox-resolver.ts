import type { Socket } from 'node:dgram'
import type { NetworkNamespace } from '../../namespace/index.js'
import { join } from '../errors/join.js'
import { hasCode } from '../errors/has-code.js'
import { openDatagramSocket } from './datagram-socket.js'
import { Forwarder } from './forwarder.js'
import { answerLocally } from './local-answer.js'
import { largestMessage } from './message.js'
import type { ResolverSettings, Upstream } from './name-service.js'
import type { NameDirectory } from './names.js'
import { readQuery } from './query.js'
import type { Query } from './query.js'
import { localResponse, refusal } from './response.js'
import { TcpServer } from './tcp-server.js'
import { Translation, resolverAddress } from './translation.js'
import type { ServerPorts } from './translation.js'
import { UpstreamServer } from './upstream-server.js'

/**
 * Room for some ten thousand queries: a burst, or half a second of 20,000 each second in which something else keeps the
 * event loop. A client asks again only after seconds. With what many systems allow by default, 208 KiB, it would be 25 ms.
 */
const receiveBuffer = 4 << 20

/** The resolver at 127.0.0.11 of one sandbox. */
export class SandboxResolver {
  /** Of its own: it remains in the sandbox whatever becomes of other handles. */
  readonly namespace: NetworkNamespace
  readonly #host: NetworkNamespace
  readonly #directory: NameDirectory
  readonly #forwarder = new Forwarder([])
  #networkIds: readonly string[] = []
  #upstreams: readonly Upstream[] = []
  #forwardsSingleLabels = true
  #datagrams: Socket | undefined
  #stream: TcpServer | undefined

  constructor(namespace: NetworkNamespace, host: NetworkNamespace, directory: NameDirectory) {
    this.namespace = namespace
    this.#host = host
    this.#directory = directory
  }

  /** Opens the sockets, and makes the rules that lead to them. If it rejects, `stop` takes back what was made. */
  async start(): Promise<void> {
    await Translation.within(this.namespace, async (translation) => {
      const found = await translation.find()
      const again = found.ports !== undefined && (await this.#listenAgain(found.ports))
      if (!again) await this.#listen({ udp: 0, tcp: 0 })
      await translation.ensure(this.#ports(), found)
    })
  }

  /** Makes the rules again: somebody may have taken them away. */
  async translate(): Promise<void> {
    await Translation.within(this.namespace, async (translation) =>
      translation.ensure(this.#ports(), await translation.find())
    )
  }

  /** Queries that wait for their answer are not touched. */
  use({ networkIds, upstreams, forwardsSingleLabels }: ResolverSettings): void {
    this.#networkIds = networkIds
    this.#forwardsSingleLabels = forwardsSingleLabels !== false
    if (sameUpstreams(upstreams, this.#upstreams)) return
    this.#upstreams = upstreams
    // What we would send to ourselves would come back to us.
    const others = upstreams.filter(({ address, from }) => from === 'host' || address !== resolverAddress)
    this.#forwarder.use(
      others.map(
        ({ address, from }) => new UpstreamServer(from === 'host' ? this.#host : this.namespace, address)
      )
    )
  }

  /** Closes everything and takes the rules back; each of it is done even if another fails. */
  async stop(): Promise<void> {
    this.#forwarder.close()
    // Before the rules go: without them, clients would not be told that their connections end.
    await this.#closeSockets()
    try {
      await Translation.within(this.namespace, (translation) => translation.remove())
    } finally {
      await this.namespace.close()
    }
  }

  async #listen({ udp, tcp }: ServerPorts): Promise<void> {
    const address = resolverAddress
    const options = { address, port: udp, receiveBuffer }
    const datagrams = openDatagramSocket(this.namespace, options).then((socket) => {
      this.#datagrams = socket
      this.#serveDatagrams(socket)
    })
    const stream = TcpServer.listen(this.namespace, { address, port: tcp }, (bytes, reply) => {
      this.#answer(bytes, true, reply)
    }).then((server) => (this.#stream = server))
    await join([datagrams, stream])
  }

  /** Listens where an earlier server did; false if it still does, or somebody else. */
  async #listenAgain(ports: ServerPorts): Promise<boolean> {
    try {
      await this.#listen(ports)
      return true
    } catch (error) {
      if (!hasCode(error, 'EADDRINUSE')) throw error
      await this.#closeSockets()
      return false
    }
  }

  async #closeSockets(): Promise<void> {
    this.#datagrams?.close()
    this.#datagrams = undefined
    await this.#stream?.close()
    this.#stream = undefined
  }

  #ports(): ServerPorts {
    return { udp: this.#datagrams!.address().port, tcp: this.#stream!.port }
  }

  #serveDatagrams(socket: Socket): void {
    socket.on('message', (bytes, { address, port }) => {
      // A raw socket can say so, and node:dgram throws for it.
      if (port === 0) return
      this.#answer(bytes, false, (response) => {
        if (response !== undefined) this.#datagrams?.send(response, port, address)
      })
    })
  }

  #answer(bytes: Buffer, overTcp: boolean, reply: (response: Buffer | undefined) => void): void {
    const query = readQuery(bytes)
    if (query === undefined) reply(undefined)
    else if (typeof query === 'number') reply(refusal(bytes, query))
    else {
      const limit = overTcp ? largestMessage : query.limit
      const response = answerLocally(query, this.#directory, this.#networkIds, limit) ?? this.#withheld(query)
      if (response !== undefined) reply(response)
      else this.#forwarder.forward(query, overTcp, limit, reply)
    }
  }

  /** The empty response to a name of one label that is not to be forwarded: the client goes on to its search domains. */
  #withheld(query: Query): Buffer | undefined {
    const { name, type } = query
    if (this.#forwardsSingleLabels || (type !== 'A' && type !== 'AAAA')) return undefined
    return name === '.' || !name.includes('.') ? localResponse(query, [], query.limit) : undefined
  }
}

function sameUpstreams(a: readonly Upstream[], b: readonly Upstream[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ address, from }, i) => address === b[i]!.address && from === b[i]!.from)
  )
}
