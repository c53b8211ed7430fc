import { randomInt } from 'node:crypto'
import { attribute, compile, header, i32, record, text, u32 } from '../../codec/index.js'
import { BatchError, OperationQueue } from '../../netlink/index.js'
import type {
  DumpRequest,
  Message,
  NetlinkConnection,
  Operation,
  Outcome,
  RequestDescription,
  RunningCall
} from '../../netlink/index.js'
import { choice, runBulk, settle } from '../../netlink/bulk/index.js'
import type {
  BulkOptions,
  BulkResult,
  Chunk,
  DeleteManyOptions,
  Inputs,
  Tally
} from '../../netlink/bulk/index.js'
import { checkLinkRef } from '../link-ref.js'
import type { LinkRef } from '../link-ref.js'
import { linkFlag } from './flag.js'
import { changeLink, deleteLink, getLink } from './requests.js'
import type { LinkTarget } from './requests.js'
import { RTM_DELLINK, RTM_GETLINK, filterMask, linkLocator, linkMessage } from './schema.js'

/**
 * Deleting a link waits for every processor, 15 to 30 ms, and a group of them waits once. But the routing lock
 * is held meanwhile: other namespaces wait too, and the longer the more links there are.
 */
const fewest = 125
const most = 250

/** How long one group may keep others from the routing lock, in ms: the next one's size is chosen by it. */
const holdFor = 80

/** For so long what was read of all links is good, in ms. Reading each anew costs more than tagging it. */
const fresh = 1000

/** What has to be known of a link to delete it by group. */
const brief = compile(
  record(
    {
      index: header(4, i32),
      up: linkFlag(0x1),
      name: attribute(3, text(16)),
      group: attribute(27, u32),
      /** `IFLA_LINKINFO`; what has no kind can't be deleted, and would make the kernel refuse its group. */
      info: attribute(18, record({ kind: attribute(1, text(64)) }))
    },
    { headerSize: 16 }
  )
)

interface Known {
  readonly index: number
  readonly name: string | undefined
  readonly group: number
  readonly up: boolean
  readonly deletable: boolean
}

/** Deletes many links, by group where that is safe. */
export async function deleteLinks<R extends LinkRef>(
  connection: NetlinkConnection,
  links: Inputs<R>,
  options: DeleteManyOptions
): Promise<BulkResult<R>> {
  const skip = choice('ifMissing', options.ifMissing ?? 'fail', ['fail', 'skip']) === 'skip'
  const deletion = new Deletion(connection, options.onError)
  const plan = {
    request: deletion.request,
    unchanged: skip ? ['ENODEV'] : [],
    get chunkSize() {
      return deletion.chunkSize
    },
    leastChunk: most,
    chunk: (call: RunningCall) => new Doomed<R>(deletion, call)
  }
  return runBulk(connection, links, plan, options)
}

/** What the chunks of one call share. */
class Deletion {
  readonly request: RequestDescription = { method: 'links.deleteMany', input: undefined }
  readonly connection: NetlinkConnection
  readonly onError: BulkOptions['onError']
  #learnt: number | undefined
  readonly #links = new Map<number | string, Known>()
  #readAt = -Infinity
  #group: number | undefined

  constructor(connection: NetlinkConnection, onError: BulkOptions['onError']) {
    this.connection = connection
    this.onError = onError
  }

  /** A group that no link of the namespace is in. */
  async group(call: RunningCall): Promise<number> {
    if (this.#group !== undefined) return this.#group
    await this.#refresh(call)
    const groups = new Set(Array.from(this.#links.values(), ({ group }) => group))
    // Groups are 32 bits, of which `ip` takes 31; hardly ever is a random one in use, but it is made sure.
    do this.#group = randomInt(1, 0x7fffffff)
    while (groups.has(this.#group))
    return this.#group
  }

  /** What is known of some links. One that isn't there is undefined: its own deletion tells why. */
  async look(targets: readonly LinkTarget[], call: RunningCall): Promise<(Known | undefined)[]> {
    await this.#refresh(call)
    const found = targets.map((target) => this.#links.get(target))
    // By an alternative name, say, or since then.
    const missing = targets.flatMap((target, i) => (found[i] === undefined ? [{ target, i }] : []))
    const outcomes = await this.run(
      missing.map(({ target }) => readBrief(this.connection, target)),
      call
    )
    outcomes.forEach((outcome, i) => {
      if (outcome.status === 'applied') found[missing[i]!.i] = outcome.value as Known
    })
    return found
  }

  async #refresh(call: RunningCall): Promise<void> {
    if (performance.now() - this.#readAt <= fresh) return
    const links = await this.connection.list(briefDump, call)
    this.#links.clear()
    for (const link of links) {
      this.#links.set(link.index, link)
      if (link.name !== undefined) this.#links.set(link.name, link)
    }
    this.#readAt = performance.now()
  }

  /** How many to take at a time. Until it is known what one costs, as many as a group ever has. */
  get chunkSize(): number {
    return this.#learnt ?? most
  }

  /** How many of the links that are left go into the next group: all groups of about the same size. */
  groupSize(left: readonly Grouped<unknown>[]): number {
    // A link that is up takes six times as long as one that is down.
    const fitting = this.#learnt ?? (left.some(({ known }) => known.up) ? fewest : most)
    return Math.ceil(left.length / Math.max(1, Math.round(left.length / fitting)))
  }

  /** Chooses the size of the next group by how long one took. */
  learn(count: number, milliseconds: number): void {
    const fitting = Math.round((count * holdFor) / Math.max(milliseconds, 1))
    this.#learnt = Math.min(most, Math.max(fewest, fitting))
  }

  async run(operations: readonly Operation<unknown>[], call: RunningCall | undefined): Promise<Outcome[]> {
    const queue = new OperationQueue(this.request)
    for (const operation of operations) queue.add(operation)
    return queue.run(this.connection, {}, call)
  }
}

interface Entry<R> {
  readonly place: number
  readonly input: R
  readonly target: LinkTarget
}

interface Grouped<R> {
  readonly entry: Entry<R>
  readonly known: Known
}

/** Links that were handed over together, and are deleted in one group or a few. */
class Doomed<R extends LinkRef> implements Chunk<R> {
  readonly #deletion: Deletion
  readonly #call: RunningCall
  readonly #entries: Entry<R>[] = []

  constructor(deletion: Deletion, call: RunningCall) {
    this.#deletion = deletion
    this.#call = call
  }

  get length(): number {
    return this.#entries.length
  }

  add(place: number, input: R): void {
    const target = checkLinkRef(input, this.#deletion.connection, 'link')
    this.#entries.push({ place, input, target })
  }

  async run(tally: Tally<R>): Promise<void> {
    const grouped = new Map<number, Grouped<R>>()
    const single: Entry<R>[] = []
    const known = await this.#deletion.look(
      this.#entries.map(({ target }) => target),
      this.#call
    )
    known.forEach((link, i) => {
      const entry = this.#entries[i]!
      if (link?.deletable !== true || grouped.has(link.index)) single.push(entry)
      else grouped.set(link.index, { entry, known: link })
    })
    let left = [...grouped.values()]
    while (left.length > 0) {
      const size = this.#deletion.groupSize(left)
      const group = left.slice(0, size)
      left = left.slice(size)
      const settled = group.length > 1 && (await this.#byGroup(group, tally))
      if (!settled) single.push(...group.map(({ entry }) => entry))
    }
    await this.#oneByOne(single, tally)
  }

  /** True if that settled them; false if they have to be deleted one by one. */
  async #byGroup(links: readonly Grouped<R>[], tally: Tally<R>): Promise<boolean> {
    const { connection, request } = this.#deletion
    const group = await this.#deletion.group(this.#call)
    const move = (to: (link: Known) => number): Operation<unknown>[] =>
      links.map(({ known }) => changeLink(connection, known.index, { fields: { group: to(known) } }, request))
    const restore = () =>
      this.#deletion.run(
        move(({ group: before }) => before),
        undefined
      )
    let outcomes: readonly Outcome[]
    const start = performance.now()
    try {
      outcomes = await this.#deletion.run([...move(() => group), deleteGroup(group, request)], this.#call)
    } catch (error) {
      if (!(error instanceof BatchError)) throw error
      const { status } = error.outcomes[links.length]!
      if (status === 'unknown') this.#count(links, error.outcomes, tally)
      // It was not sent: nothing is to be left behind, whatever time the call has left.
      else await restore().catch(() => undefined)
      throw error
    }
    this.#deletion.learn(links.length, performance.now() - start)
    const deleted = outcomes[links.length]!
    if (deleted.status === 'failed') {
      await restore()
      return false
    }
    this.#count(links, outcomes, tally)
    return true
  }

  /** What became of each: it was in the group, and shares its fate, or it had vanished before. */
  #count(
    links: readonly { readonly entry: Entry<R> }[],
    outcomes: readonly Outcome[],
    tally: Tally<R>
  ): void {
    const deleted = outcomes[links.length]!
    links.forEach(({ entry }, i) => {
      const moved = outcomes[i]!
      tally.count(entry.place, entry.input, moved.status === 'failed' ? moved : deleted)
    })
  }

  async #oneByOne(entries: readonly Entry<R>[], tally: Tally<R>): Promise<void> {
    if (entries.length === 0) return
    const { connection, onError } = this.#deletion
    const queue = new OperationQueue(this.#deletion.request)
    for (const { target } of entries) queue.add(deleteLink(connection, target))
    const batch = queue.run(connection, { onError }, this.#call)
    await settle(batch, (outcome, i) => tally.count(entries[i]!.place, entries[i]!.input, outcome))
  }
}

function readBrief(connection: NetlinkConnection, target: LinkTarget): Operation<Known> {
  const {
    read: _read,
    finish: _finish,
    ...get
  } = getLink(connection, target, {}, { method: 'links.deleteMany', input: target })
  return { ...get, read: ([message]) => known(message!) }
}

function deleteGroup(group: number, request: RequestDescription): Operation<void> {
  return {
    request,
    syscall: 'RTM_DELLINK',
    type: RTM_DELLINK,
    flags: 0,
    schema: linkLocator,
    write: (writer) => linkMessage.write(writer, { group })
  }
}

const briefDump: DumpRequest<Known> = {
  request: { method: 'links.deleteMany', input: undefined },
  syscall: 'RTM_GETLINK',
  type: RTM_GETLINK,
  schema: linkLocator,
  write: (writer) => linkMessage.write(writer, { filterMask }),
  read: known
}

function known(message: Message): Known {
  const { index, up, name, group = 0, info } = brief.read(message.bytes, message.offset, message.length)
  return { index, name, group, up, deletable: info?.kind !== undefined }
}
