import type { CallOptions, CommitOptions, NetlinkConnection, Outcome } from '../../netlink/index.js'
import type { ReadOptions } from '../../codec/index.js'
import { runMany } from '../bulk.js'
import type { LinkRef } from '../link-ref.js'
import { linkDump } from './dump.js'
import type { LinkFilter } from './dump.js'
import type { BatchLinkSpec, Link, LinkChange, LinkSpec } from './link.js'
import { addTun, openTun } from './tun.js'
import type { OpenTun, TunSpec } from './tun.js'
import { linkOperations } from './operations.js'
import { getLink } from './requests.js'

/** How links are read; `bigint` gives counters that are exact past 2^53. */
export interface ReadLinkOptions extends CallOptions, ReadOptions {}

/** Links whose counters are `bigint`. */
type Exact = { readonly bigint: true }

/** The links of a stack: its interfaces (`ip link`, rtnetlink(7)). */
export class Links {
  readonly #connection: NetlinkConnection

  constructor(connection: NetlinkConnection) {
    this.#connection = connection
  }

  /**
   * Makes a link and gives it as the kernel made it. What the kernel ignores in that one request (alias,
   * alternative names, settings of the port, much of a peer) is set by further ones; if one of these fails,
   * the link is deleted again.
   *
   * Throws `EEXIST` if the name or index is taken, `EOPNOTSUPP` if the kernel doesn't know the kind, `ENODEV`
   * if a link that it refers to isn't there, and `TypeError` or `RangeError` for what can't be right.
   */
  async add(spec: LinkSpec, options: CallOptions = {}): Promise<Link> {
    if (isTun(spec)) return addTun(this.#connection, spec, options)
    return this.#connection.run(linkOperations.add(this.#connection, spec), options)
  }

  /**
   * Makes a tun or tap link, or attaches to a persistent one of that name, and gives the descriptor through
   * which its packets go. Unless `tun.persist` is set, a new link lasts as long as the descriptor.
   *
   * Throws `EBUSY` if somebody else has it open, `EPERM` if it isn't this user's, `ENOENT` or `EACCES` where
   * `/dev/net/tun` can't be opened.
   */
  async openTun(spec: TunSpec, options: CallOptions = {}): Promise<OpenTun> {
    return openTun(this.#connection, spec, options)
  }

  /** Makes many links together. The outcomes are in their order; a failure does not stop the others. */
  async addMany(specs: Iterable<BatchLinkSpec>, options?: CommitOptions): Promise<Outcome<Link>[]> {
    const operations = Array.from(specs, (spec) => linkOperations.add(this.#connection, spec))
    return runMany(this.#connection, operations, options)
  }

  /** Reads one link, by its name, an alternative name, or its index. Throws `ENODEV`. */
  async get(link: LinkRef, options: ReadLinkOptions & Exact): Promise<Link<bigint>>
  async get(link: LinkRef, options?: ReadLinkOptions): Promise<Link>
  async get(link: LinkRef, options: ReadLinkOptions = {}): Promise<Link | Link<bigint>> {
    return this.#connection.run(getLink(this.#connection, link, options), options)
  }

  /** The links that match; all without a filter. */
  async list(filter: LinkFilter | undefined, options: ReadLinkOptions & Exact): Promise<Link<bigint>[]>
  async list(filter?: LinkFilter, options?: ReadLinkOptions): Promise<Link[]>
  async list(filter: LinkFilter = {}, options: ReadLinkOptions = {}): Promise<(Link | Link<bigint>)[]> {
    return this.#connection.list(linkDump(this.#connection, filter, options), options)
  }

  /** As `list`, one by one as the kernel gives them, over a socket of its own. */
  iterate(
    filter: LinkFilter | undefined,
    options: ReadLinkOptions & Exact
  ): AsyncGenerator<Link<bigint>, void, undefined>
  iterate(filter?: LinkFilter, options?: ReadLinkOptions): AsyncGenerator<Link, void, undefined>
  iterate(
    filter: LinkFilter = {},
    options: ReadLinkOptions = {}
  ): AsyncGenerator<Link | Link<bigint>, void, undefined> {
    return this.#connection.iterate(linkDump(this.#connection, filter, options, 'links.iterate'), options)
  }

  /**
   * Changes a link. All that fits goes in one message, which the kernel runs in an order of its own: if it
   * refuses a part, what it ran before stays. `alternativeNames`, a master together with the settings of the
   * port, and a namespace together with either take several messages, and stop at the first that fails.
   *
   * Throws `ENODEV` if it, or a link that it refers to, isn't there, `EOPNOTSUPP` for settings of a kind that
   * it isn't of, and `TypeError` or `RangeError` for what can't be right.
   */
  async set(link: LinkRef, change: LinkChange, options?: CallOptions): Promise<void> {
    return this.#connection.run(linkOperations.set(this.#connection, link, change), options)
  }

  /** Deletes a link; of a pair, both ends. Throws `ENODEV`, or `EOPNOTSUPP` for what can't be deleted (hardware, `lo`). */
  async delete(link: LinkRef, options?: CallOptions): Promise<void> {
    return this.#connection.run(linkOperations.delete(this.#connection, link), options)
  }

  /** Deletes many links together. The outcomes are in their order; a failure does not stop the others. */
  async deleteMany(links: Iterable<LinkRef>, options?: CommitOptions): Promise<Outcome<void>[]> {
    const operations = Array.from(links, (link) => linkOperations.delete(this.#connection, link))
    return runMany(this.#connection, operations, options)
  }
}

function isTun(spec: LinkSpec): spec is TunSpec {
  return (spec as LinkSpec | null | undefined)?.kind === 'tun'
}
