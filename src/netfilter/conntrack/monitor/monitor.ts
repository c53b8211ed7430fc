import { InvalidType } from '../../../codec/index.js'
import {
  EventStream,
  NLM_F_CREATE,
  NetlinkError,
  NetlinkSubscription,
  RenewableSubscription,
  chosenObjects,
  closedError,
  errnoOf,
  messages
} from '../../../netlink/index.js'
import type { Message, NetlinkConnection } from '../../../netlink/index.js'
import type { NetfilterConnection } from '../../netfilter-connection.js'
import { NETLINK_NETFILTER } from '../../nfnetlink.js'
import type { ConntrackEvent, ConntrackMonitorOptions, ConntrackObject } from './event.js'
import { watchedObjects } from './objects.js'

/** One change, before it is told. */
interface Change {
  readonly change: 'new' | 'update' | 'delete'
  readonly key: string
  readonly value: object
}

/**
 * The changes of the connection tracking table, as an async iterator (`conntrack -E`).
 *
 * It listens from the moment it is made. Events wait in the kernel until they are read; when its queue
 * overflows, everything is read again and the difference told, marked `resync`. For that it keeps what it
 * knows of every connection, about a kilobyte each; see `resync` in the options.
 *
 * Counters and timers make no event. With the sysctl `net.netfilter.nf_conntrack_events` at 2, the default
 * since Linux 5.19, the kernel tells nothing of connections that began while nobody listened; with 1 it does.
 *
 * One loop can read it. Ending the loop closes it.
 */
export class ConntrackMonitor<O extends ConntrackObject = ConntrackObject> extends EventStream<
  ConntrackEvent<O>
> {
  readonly #stack: NetlinkConnection
  readonly #options: ConntrackMonitorOptions<O>
  readonly #objects: readonly ConntrackObject[]
  /** What the consumer knows; `undefined` where nothing is kept. */
  readonly #known: ReadonlyMap<ConntrackObject, Map<string, object>> | undefined
  /** Settles once it listens and has read what is there: the connection that it reads over. */
  readonly #started: Promise<NetlinkConnection>
  readonly #subscription: RenewableSubscription
  /** Everything known was told by now, so that an event of something known is no beginning. */
  #told: boolean

  /** @internal Use `stack.conntrack.monitor()`. */
  constructor(netfilter: NetfilterConnection, options: ConntrackMonitorOptions<O>) {
    const all = Object.keys(watchedObjects) as ConntrackObject[]
    const objects = chosenObjects(options.objects, all)
    if (options.initial === true && options.resync === false)
      throw new InvalidType(true, 'false where resync is false', 'ERR_INVALID_ARG_VALUE').within('initial')
    super(netfilter.stack, options.signal)
    this.#stack = netfilter.stack
    this.#options = options
    this.#objects = all.filter((object) => objects.includes(object))
    this.#told = options.initial === true
    if (options.resync !== false) this.#known = new Map(this.#objects.map((object) => [object, new Map()]))
    this.#subscription = new RenewableSubscription(() => this.#subscribe())
    this.#started = this.#start()
    this.#started.catch(() => undefined)
    // What is changed through this stack from now on is seen.
    netfilter.hold(this.#started)
  }

  protected async *events(): AsyncGenerator<readonly ConntrackEvent<O>[], void, undefined> {
    const reader = await this.#started
    if (this.#options.initial === true) {
      for (const [object, known] of this.#known ?? [])
        yield Array.from(known, ([key, value]) =>
          this.#tell(object, { change: 'new', key, value }, { initial: true })
        )
    }
    yield* this.#follow(reader)
  }

  protected async release(): Promise<void> {
    await this.#subscription.close()
    const reader = await this.#started.catch(() => undefined)
    await reader?.close()
  }

  /** Subscribes, then reads what is there: what changes meanwhile comes as events afterwards. */
  async #start(): Promise<NetlinkConnection> {
    await this.#subscription.ready()
    const reader = await this.#stack.sibling({ protocol: NETLINK_NETFILTER })
    try {
      for (const [object, known] of this.#known ?? []) {
        const { dump, key } = watchedObjects[object]
        for (const value of await reader.list(dump())) known.set(key(value), value)
      }
      return reader
    } catch (error) {
      await reader.close()
      throw error
    }
  }

  async *#follow(reader: NetlinkConnection): AsyncGenerator<readonly ConntrackEvent<O>[], void, undefined> {
    for (;;) {
      const since = performance.now()
      for (;;) {
        const events = await this.#subscription.read()
        if (events === undefined || this.closed) return
        if (events.overrun) break
        const told: ConntrackEvent<O>[] = []
        for (const message of messages(events.messages)) {
          const event = this.#apply(message)
          if (event !== undefined) told.push(event)
        }
        yield told
      }
      if (this.#known === undefined) throw dropped()
      if (!(await this.#subscription.renew(since))) return
      this.#told = true
      yield* this.#readAgain(reader)
    }
  }

  /** Applies one event. */
  #apply(message: Message): ConntrackEvent<O> | undefined {
    for (const object of this.#objects) {
      const watched = watchedObjects[object]
      const deleted = message.type === watched.deleted
      if (!deleted && message.type !== watched.added) continue
      const event = watched.read(message)
      const key = watched.key(event)
      const known = this.#known?.get(object)
      const before = known?.get(key)
      const value = before === undefined ? event : watched.merge(before, event)
      if (deleted) {
        if (known?.delete(key) === false) return undefined
        return this.#tell(object, { change: 'delete', key, value })
      }
      known?.set(key, value)
      const began = (message.flags & NLM_F_CREATE) !== 0 && (before === undefined || !this.#told)
      const unheard = known !== undefined && before === undefined
      return this.#tell(object, { change: began || unheard ? 'new' : 'update', key, value })
    }
    return undefined
  }

  /** Reads everything again, and tells what is different: first what vanished. */
  async *#readAgain(
    reader: NetlinkConnection
  ): AsyncGenerator<readonly ConntrackEvent<O>[], void, undefined> {
    for (const [object, known] of this.#known!) {
      const { dump, key, state } = watchedObjects[object]
      const fingerprint = (value: object): string => JSON.stringify(state(value))
      if (this.closed || this.#stack.closed) return
      const now = new Map((await reader.list(dump())).map((value) => [key(value), value]))
      const told: ConntrackEvent<O>[] = []
      for (const [name, value] of [...known]) {
        if (now.has(name)) continue
        known.delete(name)
        told.push(this.#tell(object, { change: 'delete', key: name, value }, { resync: true }))
      }
      for (const [name, value] of now) {
        const before = known.get(name)
        known.set(name, value)
        if (before !== undefined && fingerprint(before) === fingerprint(value)) continue
        const change = before === undefined ? 'new' : 'update'
        told.push(this.#tell(object, { change, key: name, value }, { resync: true }))
      }
      yield told
    }
  }

  #tell(
    object: ConntrackObject,
    change: Change,
    mark: { initial?: true; resync?: true } = {}
  ): ConntrackEvent<O> {
    return { object, ...change, ...mark } as unknown as ConntrackEvent<O>
  }

  async #subscribe(): Promise<NetlinkSubscription> {
    if (this.#stack.closed) throw closedError()
    return NetlinkSubscription.open({
      protocol: NETLINK_NETFILTER,
      groups: this.#objects.flatMap((object) => watchedObjects[object].groups),
      namespace: this.#stack.namespace,
      receiveBuffer: this.#options.receiveBuffer
    })
  }
}

function dropped(): NetlinkError {
  return new NetlinkError({
    errno: errnoOf('ENOBUFS'),
    syscall: 'recvmsg',
    request: { method: 'conntrack.monitor', input: undefined },
    explanation: 'the kernel dropped events, because they were not read fast enough'
  })
}
