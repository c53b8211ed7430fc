/**
 * The native half, typed, and loaded at its first use.
 *
 * Importing netloom never loads the addon, so that it can be imported on any system. Everything here is
 * plumbing for the layers above: bytes in, bytes out. See `native/addon` for the other side.
 */
import { createRequire } from 'node:module'
import { endianness } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * What a native promise rejects with: a plain `Error` with these fields. `src/netlink/errors.ts` turns it
 * into the error that users see.
 */
export interface NativeError extends Error {
  /** Negative, as in Node's system errors. */
  readonly errno: number
  /** The system call that failed, such as `'setns'`. */
  readonly syscall: string
  /** The file that it was about, if any. */
  readonly path?: string
}

/** An open network namespace: one descriptor, closed by `close()` or when it is collected. */
export interface NativeNamespace {
  /** The descriptor, or −1 when closed. Still owned by this object. */
  readonly fd: number
  /** `st_ino` and `st_dev` of the namespace: together they name it as long as it lives. */
  readonly inode: number
  readonly device: number
  close(): void
}

export interface NativeSocketOptions {
  /** `NETLINK_ROUTE` and so on. */
  protocol: number
  /** Where to open it; without one, in the namespace that the calling thread is in now. */
  namespace?: NativeNamespace | undefined
  /** Bytes asked of `SO_RCVBUFFORCE`, else of `SO_RCVBUF`. The kernel's default when absent. */
  receiveBuffer?: number | undefined
  /** Bytes asked of `SO_SNDBUFFORCE`, else of `SO_SNDBUF`. */
  sendBuffer?: number | undefined
}

export interface NativeExchangeOptions {
  /**
   * True if each request is answered by an object rather than by a bare acknowledgement: fewer then share
   * a datagram, since their replies must fit in the receive buffer.
   */
  replies?: boolean | undefined
  /** Send no further datagram once one held a request that failed. */
  stopOnError?: boolean | undefined
  /**
   * All requests go in one datagram: an nfnetlink transaction, from `NFNL_MSG_BATCH_BEGIN` to
   * `NFNL_MSG_BATCH_END`. The acknowledgement is asked of the last message but one, since kernels before 6.10
   * do not acknowledge the end. One that is larger than the send buffer is `-EMSGSIZE`.
   */
  transaction?: boolean | undefined
  /** Those whose descriptors the requests name: they stay open until the requests have run. */
  namespaces?: readonly NativeNamespace[] | undefined
}

export interface NativeExchange {
  /**
   * What the kernel sent back, message after message as it came: objects, echoes, failed acknowledgements,
   * and successful ones that carry a warning. In each, `nlmsg_seq` is the index of the request it answers.
   */
  readonly replies: Uint8Array
  /** How many requests were handed to the kernel; later ones were never sent. */
  readonly sent: number
  /**
   * Requests whose outcome is unknown because an answer was lost, as pairs of indices: from, to
   * (exclusive). A request in such a range that has a message in `replies` is known all the same.
   */
  readonly unknown: readonly number[]
  /** 0, or the negative errno that ended the exchange early or lost an answer (`-ENOBUFS`, `-ECANCELED`). */
  readonly errno: number
  /** The system call that `errno` came from: `'sendmsg'`, `'recvmsg'`. Empty when `errno` is 0. */
  readonly syscall: string
}

/**
 * Routes of one family as columns, each with room for `capacity` rows, one behind the other:
 *
 *     destination, gateway           IPv4: 32 bits in host order; IPv6: 16 bytes in network order
 *     link, priority, table, flags   32 bits
 *     prefixLength, protocol         8 bits
 *
 * A gateway, link or priority of 0 is none. See `PackedRoutes` in native/core/packed_routes.h.
 */
export interface NativeRoutes {
  /** `AF_INET` or `AF_INET6`. */
  readonly family: number
  /** 1 to 2^20. */
  readonly capacity: number
  /** How many rows there are, from 1 to `capacity`. */
  readonly rows: number
  readonly columns: Uint8Array
}

/** What to ask for each row: `RTM_NEWROUTE` or `RTM_DELROUTE`, and `NLM_F_*`. */
export interface NativeRouteRequest {
  readonly type: number
  readonly flags: number
}

export interface NativeInvalidRow {
  readonly row: number
  readonly column: 'destination' | 'prefixLength' | 'link' | 'table'
}

export interface NativeDumpChunk {
  /** Whole messages, without the final `NLMSG_DONE`. */
  readonly messages: Uint8Array
  /** In a dump of packed routes: those that a row can say all of. `messages` holds the others. */
  readonly routes: NativeRoutes | undefined
  /** True on the last chunk. */
  readonly done: boolean
  /** `NLM_F_DUMP_INTR` was seen so far, or a datagram did not fit and the dump must be repeated. */
  readonly interrupted: boolean
  /** 0, or the negative errno that ended the dump. */
  readonly errno: number
  /** `'dump'` when the kernel itself reported `errno`, otherwise the system call. Empty when it is 0. */
  readonly syscall: string
  /** The whole `NLMSG_DONE` or `NLMSG_ERROR` message that carried the error, with its extended-ack attributes. */
  readonly error: Uint8Array | undefined
}

/** A dump in progress. Reading is what moves it: at most two unread chunks are held. */
export interface NativeDump {
  /**
   * The next chunk; one read at a time. After the last chunk it must not be called again. It never rejects: a
   * dump that is cancelled, or whose socket is closed, ends with a last chunk whose `errno` says so.
   */
  read(): Promise<NativeDumpChunk>
  /**
   * Nobody reads any more: the rest is taken from the kernel and dropped, so that the requests behind it get
   * their turn. A read that is pending ends with `ECANCELED`. Happens by itself when the object is collected.
   */
  discard(): void
}

/** A netlink socket with one ordered queue: each request waits for those before it. */
export interface NativeSocket {
  /** The real `SO_RCVBUF`. */
  readonly receiveBuffer: number
  /** The real `SO_SNDBUF`: no datagram can be larger. */
  readonly sendBuffer: number
  readonly portId: number
  /**
   * Sends requests (one or more whole netlink messages, each padded to 4 bytes) and gathers what comes back.
   * Sequence numbers, `NLM_F_REQUEST` and `NLM_F_ACK` are set here. The bytes are copied before this returns;
   * malformed ones throw a `TypeError`. `ticket` names the call for `cancel`. Rejects with `-EBADF` when the
   * socket is closed already, and with `-ECANCELED` when it is closed or cancelled before anything was sent;
   * when it is closed after that, it resolves, with `errno` and `unknown` set.
   */
  exchange(
    requests: Uint8Array,
    options: NativeExchangeOptions | undefined,
    ticket: number
  ): Promise<NativeExchange>
  /**
   * As `exchange`, with a request for each row, encoded by the worker. The columns are copied before this
   * returns; what their values mean is `checkRoutes`' business.
   */
  exchangeRoutes(
    routes: NativeRoutes,
    request: NativeRouteRequest & Pick<NativeExchangeOptions, 'stopOnError'>,
    ticket: number
  ): Promise<NativeExchange>
  /**
   * Starts a dump: one whole request, whose `NLM_F_REQUEST` and `NLM_F_DUMP` are set here. `chunkBytes` is
   * about how much a chunk holds (default 256 KiB). With a `packed` family, its routes come as columns, decoded
   * by the worker.
   */
  dump(request: Uint8Array, chunkBytes: number | undefined, ticket: number, packed?: number): NativeDump
  /**
   * Takes a call that has not been sent yet out of the queue: it rejects (a dump ends) with `-ECANCELED`.
   * False if it was sent.
   */
  cancel(ticket: number): boolean
  /** Settles everything pending with `-ECANCELED` and closes the descriptor. Can be repeated. */
  close(): Promise<void>
}

export interface NativeEvents {
  /** Whole messages, in the order in which they came. */
  readonly messages: Uint8Array
  /** The kernel dropped events (`ENOBUFS`) before these messages or among them. */
  readonly overrun: boolean
}

/** A socket that listens to multicast groups. Events gather in the kernel until they are read. */
export interface NativeSubscription {
  readonly receiveBuffer: number
  /** The next events, or `undefined` once closed. One read at a time. */
  read(): Promise<NativeEvents | undefined>
  close(): Promise<void>
}

export interface NativeInetSocketOptions {
  family: 'inet' | 'inet6'
  type: 'stream' | 'dgram' | 'raw'
  /** IP protocol; 0 is the type's own. */
  protocol?: number | undefined
  /** A numeric address and a port to bind; no `bind` when absent. */
  bind?: { address: string; port: number } | undefined
  /** `SO_REUSEADDR`; default true for streams. */
  reuseAddress?: boolean | undefined
  reusePort?: boolean | undefined
  /** `IPV6_V6ONLY`; the kernel's default when absent. */
  ipv6Only?: boolean | undefined
  /** Calls `listen` with this backlog. */
  listen?: number | undefined
  /** `SO_BINDTODEVICE`. */
  device?: string | undefined
  /** `SO_MARK`. */
  mark?: number | undefined
  /** `IP_TRANSPARENT` / `IPV6_TRANSPARENT`. */
  transparent?: boolean | undefined
  /** Bytes asked of `SO_RCVBUFFORCE`, else of `SO_RCVBUF`. The kernel's default when absent. */
  receiveBuffer?: number | undefined
}

export interface NativeTunOptions {
  /** May be empty or hold `%d`: the kernel then chooses. */
  name: string
  mode: 'tun' | 'tap'
  /** The whole `ifr_flags` beside the mode: `IFF_NO_PI`, `IFF_MULTI_QUEUE`, `IFF_VNET_HDR`. */
  flags: number
  owner?: number | undefined
  group?: number | undefined
  /** `TUNSETPERSIST`. */
  persist: boolean
}

export interface NativeTun {
  readonly name: string
  /** The descriptor, which the caller now owns. */
  readonly fd: number
}

export interface NativeSpawnOptions {
  /** Absolute, or looked up in `PATH` of `env`. */
  file: string
  /** `argv`, its first element included. */
  args: readonly string[]
  /** `NAME=value` strings. */
  env: readonly string[]
  cwd?: string | undefined
  /**
   * For each descriptor of the child, from 0: a descriptor of this process to give it, −1 for `/dev/null`,
   * −2 for a stream socket pair, of which the other end is in `NativeProcess.stdio`.
   */
  stdio: readonly number[]
  uid?: number | undefined
  gid?: number | undefined
  detached?: boolean | undefined
  /** Give it a mount namespace of its own with `/sys` mounted for the network namespace. */
  mountSys: boolean
  /**
   * Pairs of source and target, bound inside that mount namespace. A pair of which a file is missing is passed
   * over, as `ip netns exec` does.
   */
  binds: readonly (readonly [source: string, target: string])[]
}

export interface NativeProcess {
  readonly pid: number
  /** Our ends of the socket pairs (−1 where there is none), which the caller now owns. */
  readonly stdio: readonly number[]
  /** Settles when the process has ended and was reaped. Does not keep this process alive after `unref()`. */
  readonly exited: Promise<{ code: number | null; signal: number | null }>
  /** `pidfd_send_signal`; false when it has ended. */
  kill(signal: number): boolean
  ref(): void
  unref(): void
}

/** A table of legacy iptables or ip6tables. Offsets are those within `entries`. */
export interface NativeXtablesTable {
  /** A bit for each hook (`NF_INET_*`) that has a chain. */
  readonly validHooks: number
  /** For each hook, where its chain begins, and where its policy is. */
  readonly hookEntries: readonly number[]
  readonly underflows: readonly number[]
  /** `struct ipt_entry` or `struct ip6t_entry`, one behind the other. */
  readonly entries: Uint8Array
}

/** What the addon exports. */
export interface NativeBinding {
  openSocket(options: NativeSocketOptions): Promise<NativeSocket>
  /** `groups` are group numbers (`RTNLGRP_*`), not a mask. */
  openSubscription(options: NativeSocketOptions, groups: readonly number[]): Promise<NativeSubscription>

  /**
   * The first row that can't be right: a prefix that is too long or has bits set past its length, a link beyond
   * 2^31 − 1, or table 0.
   */
  checkRoutes(routes: NativeRoutes): NativeInvalidRow | undefined
  /** The requests that `exchangeRoutes` would send, on this thread: for the few that an error is about. */
  encodeRoutes(routes: NativeRoutes, request: NativeRouteRequest): Uint8Array

  /** The namespace that the calling thread is in now. */
  currentNamespace(): NativeNamespace
  /**
   * A new network namespace. With a path, it is pinned there by a bind mount; the folder is made, and
   * mounted shared, as `ip netns add` does. An existing file is an error (`EEXIST`).
   */
  createNamespace(path: string | undefined): Promise<NativeNamespace>
  /** Opens a namespace file; anything that is no network namespace is `EINVAL`. */
  openNamespace(path: string): Promise<NativeNamespace>
  /** Duplicates a descriptor of a namespace. */
  adoptNamespace(fd: number): Promise<NativeNamespace>
  /** Unmounts and deletes a pinned namespace. */
  unpinNamespace(path: string): Promise<void>
  /** Runs `run` on this thread inside the namespace and puts the thread back, or ends the process. */
  runInNamespace<T>(namespace: NativeNamespace, run: () => T): T

  /** Reads small files below `/proc` as seen from inside the namespace: the content of each, or why it has none. */
  readFiles(namespace: NativeNamespace, paths: readonly string[]): Promise<(string | NativeError)[]>
  /** Writes such files one after the other until one fails: then that is the last of what it resolves to. */
  writeFiles(
    namespace: NativeNamespace,
    files: readonly (readonly [path: string, content: string])[]
  ): Promise<(undefined | NativeError)[]>
  /** A socket opened inside the namespace; the caller owns the descriptor. */
  openInetSocket(namespace: NativeNamespace, options: NativeInetSocketOptions): Promise<number>
  /** Opens sockets one after the other, and closes each at once: the errnos of what failed, and 0 for the others. */
  tryInetSockets(namespace: NativeNamespace, sockets: readonly NativeInetSocketOptions[]): Promise<number[]>
  /**
   * The table of this name, `undefined` where the namespace has none: none is made, nor a module loaded, by asking.
   * Rejects with `-EACCES` where the list of tables can't be read, and `-EPERM` where the table can't.
   */
  readXtablesTable(
    namespace: NativeNamespace,
    family: 'inet' | 'inet6',
    table: string
  ): Promise<NativeXtablesTable | undefined>
  openTun(namespace: NativeNamespace | undefined, options: NativeTunOptions): Promise<NativeTun>
  spawn(namespace: NativeNamespace, options: NativeSpawnOptions): Promise<NativeProcess>
  /** Closes a descriptor that an earlier call handed out and nobody took. */
  closeDescriptor(fd: number): void
}

let loaded: NativeBinding | undefined

/** The addon. Throws `ERR_UNSUPPORTED_PLATFORM` on anything but Linux, and on a big-endian machine. */
export function binding(): NativeBinding {
  return (loaded ??= load())
}

function load(): NativeBinding {
  if (process.platform !== 'linux') throw unsupported(`netloom needs Linux; this is ${process.platform}`)
  // The codec writes host byte order as little-endian.
  if (endianness() !== 'LE') throw unsupported('netloom needs a little-endian machine')
  const require = createRequire(import.meta.url)
  const nodeGypBuild = require('node-gyp-build') as (folder: string) => NativeBinding
  return nodeGypBuild(dirname(dirname(fileURLToPath(import.meta.url))))
}

function unsupported(message: string): Error {
  return Object.assign(new Error(message), { code: 'ERR_UNSUPPORTED_PLATFORM' })
}
