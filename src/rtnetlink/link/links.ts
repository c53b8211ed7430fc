import type { CallOptions, NetlinkConnection } from '../../netlink/index.js'
import type { ReadOptions } from '../../codec/index.js'
import { addVerb, applyMany } from '../../netlink/bulk/index.js'
import type { AddNewOptions, BulkResult, DeleteManyOptions, Inputs } from '../../netlink/bulk/index.js'
import type { LinkRef } from '../link-ref.js'
import { makeLink } from './create.js'
import { deleteLinks } from './delete-many.js'
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

  /**
   * Makes many links, in order, holding only a few thousand at a time, without reading them back. A link may
   * refer to one that was made before it. What fails, or can't be right, is told in the result.
   */
  async addMany<S extends BatchLinkSpec>(
    specs: Inputs<S>,
    options: AddNewOptions = {}
  ): Promise<BulkResult<S>> {
    const connection = this.#connection
    const add = (spec: S) => makeLink(connection, spec)
    return applyMany(connection, specs, addVerb('links.addMany', options, add), options)
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

  /**
   * Deletes many links, a hundred or so at a time: they are put into a group of their own, which the kernel
   * deletes at once, many times faster than one by one and without holding up other namespaces for long. Where
   * it can't delete one of them, their groups are restored and they are deleted one by one.
   *
   * Of a pair, deleting one end deletes both: if both are given, the second may count as missing.
   */
  async deleteMany<R extends LinkRef>(
    links: Inputs<R>,
    options: DeleteManyOptions = {}
  ): Promise<BulkResult<R>> {
    return deleteLinks(this.#connection, links, options)
  }
}

function isTun(spec: LinkSpec): spec is TunSpec {
  return (spec as LinkSpec | null | undefined)?.kind === 'tun'
}
