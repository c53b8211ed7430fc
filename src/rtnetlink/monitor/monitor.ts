import {
  DumpInterruptedError,
  EventStream,
  NLM_F_REPLACE,
  NetlinkError,
  NetlinkSubscription,
  Pacer,
  RenewableSubscription,
  chosenObjects,
  closedError,
  messages,
  resyncPause
} from '../../netlink/index.js'
import type { Message, NetlinkConnection } from '../../netlink/index.js'
import { getLink } from '../link/index.js'
import { NETLINK_ROUTE } from '../rtnetlink.js'
import { Doubts } from './doubts.js'
import type { MonitorEvent, MonitorOptions, MonitoredObject } from './event.js'
import { Mirror } from './mirror.js'
import { watchedObjects } from './objects.js'

type How = 'initial' | 'resync'

/**
 * The changes of a namespace's network stack, as an async iterator (rtnetlink(7)).
 *
 * It listens from the moment it is made. Events wait in the kernel until they are read; when its queue
 * overflows, everything is read again and the difference told, marked `resync`. IPv4 routes and next hops
 * that vanish with a link, an address or a next hop are told in the same way, since the kernel sends no
 * event for them.
 *
 * The kernel is silent about a change of a link's group, alias or queue length while it is down: such a
 * change shows in the link's next event. Counters and ages make no event.
 *
 * One loop can read it. Ending the loop closes it.
 */
export class Monitor<O extends MonitoredObject = MonitoredObject> extends EventStream<MonitorEvent<O>> {
  readonly #connection: NetlinkConnection
  readonly #requested: ReadonlySet<MonitoredObject>
  readonly #mirrors: ReadonlyMap<MonitoredObject, Mirror<object>>
  readonly #options: MonitorOptions<O>
  /** Settles once it listens and has read what is there: the connection that it reads over. */
  readonly #started: Promise<NetlinkConnection>
  readonly #subscription: RenewableSubscription

  /** Use `stack.monitor()`. */
  constructor(connection: NetlinkConnection, options: MonitorOptions<O>) {
    const objects = chosenObjects(options.objects, Object.keys(watchedObjects) as MonitoredObject[])
    super(connection, options.signal)
    this.#connection = connection
    this.#options = options
    this.#requested = new Set(objects)
    // Routes and next hops vanish silently with other objects, so these are watched along with them.
    const watched = new Set<MonitoredObject>(objects)
    if (watched.has('route'))
      for (const object of ['link', 'address', 'nexthop'] as const) watched.add(object)
    if (watched.has('nexthop')) watched.add('link')
    this.#mirrors = new Map([...watched].map((object) => [object, new Mirror(watchedObjects[object])]))
    this.#subscription = new RenewableSubscription(() => this.#subscribe())
    this.#started = this.#start()
    this.#started.catch(() => undefined)
    // What is changed through this stack from now on is seen.
    connection.hold(this.#started)
  }

  protected async *events(): AsyncGenerator<readonly MonitorEvent<O>[], void, undefined> {
    const reader = await this.#started
    if (this.#options.initial === true) {
      for (const [object, mirror] of this.#mirrors) {
        const told: MonitorEvent<O>[] = []
        for (const [key, value] of mirror.entries())
          this.#tell(told, object, { change: 'new', key, value }, 'initial')
        yield told
      }
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
    const reader = await this.#connection.fork()
    try {
      for (const [object, mirror] of this.#mirrors) {
        for (const value of (await this.#list(reader, object)) ?? []) mirror.add(value)
      }
      return reader
    } catch (error) {
      await reader.close()
      throw error
    }
  }

  async *#follow(reader: NetlinkConnection): AsyncGenerator<readonly MonitorEvent<O>[], void, undefined> {
    for (;;) {
      const since = performance.now()
      for (;;) {
        const events = await this.#subscription.read()
        if (events === undefined || this.closed) return
        if (events.overrun) break
        const doubts = new Doubts()
        const told: MonitorEvent<O>[] = []
        for (const message of messages(events.messages)) this.#apply(message, doubts, told)
        yield told
        yield await this.#readLinks(reader, doubts.links())
        yield* this.#read(reader, doubts.resolve(this.#mirrors))
      }
      if (!(await this.#subscription.renew(since))) return
      yield* this.#read(reader, [...this.#mirrors.keys()])
    }
  }

  /** Applies one event, and notes what it leaves in doubt. */
  #apply(message: Message, doubts: Doubts, told: MonitorEvent<O>[]): void {
    for (const [object, mirror] of this.#mirrors) {
      const watched = watchedObjects[object]
      const deleted = message.type === watched.deleted
      if (!deleted && message.type !== watched.added) continue
      const value = watched.read(message, this.#connection)
      const key = value === undefined ? '' : watched.key(value)
      doubts.note({ object, message, deleted, value, before: mirror.get(key) })
      if (value === undefined) return
      if (deleted) {
        if (mirror.delete(key)) this.#tell(told, object, { change: 'delete', key, value })
        return
      }
      if ((message.flags & NLM_F_REPLACE) !== 0) {
        const replaced = mirror.siblings(value).filter((sibling) => sibling !== key)
        const [old] = replaced
        if (replaced.length > 1) doubts.add(object)
        else if (old !== undefined) {
          const gone = mirror.get(old)!
          mirror.delete(old)
          this.#tell(told, object, { change: 'delete', key: old, value: gone })
        }
      }
      mirror.set(key, value)
      this.#tell(told, object, { change: 'new', key, value })
      return
    }
  }

  /** Reads again, and tells what is different. */
  async *#read(
    reader: NetlinkConnection,
    objects: readonly MonitoredObject[]
  ): AsyncGenerator<readonly MonitorEvent<O>[], void, undefined> {
    for (const object of objects) {
      const current = await this.#list(reader, object)
      if (current === undefined) return
      const told: MonitorEvent<O>[] = []
      const pacer = new Pacer()
      for (const difference of this.#mirrors.get(object)!.replace(current)) {
        if (difference !== undefined) this.#tell(told, object, difference, 'resync')
        if (pacer.due()) await pacer.turn()
      }
      yield told
    }
  }

  /** Reads single links again. */
  async #readLinks(
    reader: NetlinkConnection,
    indices: readonly number[]
  ): Promise<readonly MonitorEvent<O>[]> {
    const told: MonitorEvent<O>[] = []
    const mirror = this.#mirrors.get('link')
    if (mirror === undefined) return told
    for (const index of indices) {
      if (this.closed) break
      const key = String(index)
      try {
        const value = await reader.run(getLink(this.#connection, index))
        if (!mirror.differs(key, value)) continue
        mirror.set(key, value)
        this.#tell(told, 'link', { change: 'new', key, value }, 'resync')
      } catch (error) {
        if (this.closed) break
        if (!(error instanceof NetlinkError) || error.code !== 'ENODEV') throw error
        const value = mirror.get(key)
        if (value === undefined) continue
        mirror.delete(key)
        this.#tell(told, 'link', { change: 'delete', key, value }, 'resync')
      }
    }
    return told
  }

  /** Lists objects until the kernel says that nothing changed meanwhile. */
  async #list(reader: NetlinkConnection, object: MonitoredObject): Promise<object[] | undefined> {
    for (;;) {
      if (this.closed || this.#connection.closed) return undefined
      try {
        return await reader.list(watchedObjects[object].dump(this.#connection))
      } catch (error) {
        if (!(error instanceof DumpInterruptedError)) throw error
        await new Promise((resolve) => setTimeout(resolve, resyncPause))
      }
    }
  }

  #tell(
    told: MonitorEvent<O>[],
    object: MonitoredObject,
    difference: { change: 'new' | 'delete'; key: string; value: object },
    how?: How
  ): void {
    if (!this.#requested.has(object)) return
    const mark = how === 'initial' ? { initial: true } : how === 'resync' ? { resync: true } : undefined
    told.push({ object, ...difference, ...mark } as unknown as MonitorEvent<O>)
  }

  async #subscribe(): Promise<NetlinkSubscription> {
    if (this.#connection.closed) throw closedError()
    const groups = new Set<number>()
    for (const object of this.#mirrors.keys())
      for (const group of watchedObjects[object].groups) groups.add(group)
    return NetlinkSubscription.open({
      protocol: NETLINK_ROUTE,
      groups: [...groups],
      namespace: this.#connection.namespace,
      receiveBuffer: this.#options.receiveBuffer
    })
  }
}
