/** The namespaces in which one measurement is made. */
import { setTimeout as sleep } from 'node:timers/promises'
import { NetlinkError, NetworkNamespace, NetworkStack } from 'netloom'

/** Seconds that the kernel may take to remove a namespace with all that is in it. */
const longestEnd = 180

let rooms = 0

/** A namespace whose end can be awaited: it holds one end of a cable, and goes with it. */
class EndedNamespace {
  readonly namespace: NetworkNamespace
  readonly #home: NetworkStack
  readonly #cable: string

  private constructor(namespace: NetworkNamespace, home: NetworkStack, cable: string) {
    this.namespace = namespace
    this.#home = home
    this.#cable = cable
  }

  /** It has a name, since not everybody can enter one that has none. */
  static async create(home: NetworkStack): Promise<EndedNamespace> {
    const cable = `room${rooms++}`
    const namespace = await NetworkNamespace.create(cable, { removeOnClose: true })
    await home.links.add({ kind: 'veth', name: cable, peer: { name: 'room', namespace } })
    return new EndedNamespace(namespace, home, cable)
  }

  /** Lets go of it, and waits until the kernel has removed all that was in it. */
  async close(): Promise<void> {
    await this.namespace.close()
    const deadline = performance.now() + longestEnd * 1000
    while (await this.#exists()) {
      if (performance.now() > deadline) throw new Error('a namespace does not end: something holds it')
      await sleep(10)
    }
  }

  async #exists(): Promise<boolean> {
    try {
      await this.#home.links.get(this.#cable)
      return true
    } catch (error) {
      if (error instanceof NetlinkError && error.code === 'ENODEV') return false
      throw error
    }
  }
}

/**
 * One that is as README.md says: `wire0` and `wire1`, both up, and addresses. The kernel removes namespaces in
 * the background, and slows down whatever is measured meanwhile, so closing one waits for that.
 */
export class Room {
  readonly stack: NetworkStack
  readonly #home: NetworkStack
  readonly #own: EndedNamespace
  readonly #others = new Map<string, EndedNamespace>()

  private constructor(home: NetworkStack, own: EndedNamespace, stack: NetworkStack) {
    this.#home = home
    this.#own = own
    this.stack = stack
  }

  /** Opens one; `home` is the runner's own stack. */
  static async open(home: NetworkStack): Promise<Room> {
    const own = await EndedNamespace.create(home)
    const stack = await NetworkStack.open({ namespace: own.namespace })
    await wire(stack)
    return new Room(home, own, stack)
  }

  get namespace(): NetworkNamespace {
    return this.#own.namespace
  }

  /** A further namespace, empty when it is first asked for. */
  async other(name: 'peers' | 'elsewhere'): Promise<NetworkNamespace> {
    const other = this.#others.get(name) ?? (await EndedNamespace.create(this.#home))
    this.#others.set(name, other)
    return other.namespace
  }

  async close(): Promise<void> {
    await this.#empty()
    await this.stack.close()
    await Promise.all([this.#own, ...this.#others.values()].map((namespace) => namespace.close()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /**
   * Deletes what a contender left, some at a time: with a namespace that holds thousands of links the kernel
   * takes minutes, and holds its routing lock, which the whole machine needs, all that time.
   */
  async #empty(): Promise<void> {
    const { links } = this.stack
    const left = (await links.list({ kind: 'veth' })).filter(({ name }) => !fixtures.includes(name))
    await links.deleteMany(left, { ifMissing: 'skip' })
  }
}

const fixtures = ['wire0', 'wire1', 'room']

async function wire({ links, addresses }: NetworkStack): Promise<void> {
  await links.set('lo', { up: true })
  await links.add({ kind: 'veth', name: 'wire0', up: true, peer: { name: 'wire1' } })
  await links.set('wire1', { up: true })
  await addresses.add('wire0', '10.255.0.1/16')
  await addresses.add('wire0', { address: 'fd00:ffff::1/64', flags: ['nodad'] })
}
