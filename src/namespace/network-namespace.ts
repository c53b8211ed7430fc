import { inspect } from 'node:util'
import { type NativeNamespace, binding } from '../binding.js'
import { InvalidType, within } from '../codec/index.js'
import { type CallOptions, NetloomError, checkCallOptions, errnoName, fromNative } from '../netlink/index.js'
import { isNative, perform } from './call.js'
import { etcBinds } from './etc-binds.js'
import { type OpenSocketOptions, socketOptions } from './inet-socket.js'
import { type NamespaceEntry, listNamespaces } from './list.js'
import { checkName, nameOf, pathOf } from './names.js'
import { getId, largestId, notAssigned, overConnection, setId } from './nsid.js'
import { callKeys, checkBoolean, checkInteger, checkObject, checkText } from './options.js'
import { NamespaceProcess } from './process.js'
import { type SpawnOptions, spawnOptions } from './process-options.js'
import { type SynchronousFunction, runSync } from './run-sync.js'
import { Sysctl } from './sysctl.js'

export interface CreateNamespaceOptions extends CallOptions {
  /** `close()` also removes the name. Default: false. An anonymous namespace has none. */
  readonly removeOnClose?: boolean | undefined
}

/** Names a namespace: by its name in `/run/netns`, its file, a process in it, or an open descriptor. */
export type NamespaceReference =
  string | { readonly path: string } | { readonly pid: number } | { readonly fd: number }

export interface NamespaceIdOptions extends CallOptions {
  /** Whose view of it. Default: the namespace that the calling thread is in. */
  readonly from?: NetworkNamespace | undefined
}

/** How a handle came to be. */
interface Origin {
  readonly native: NativeNamespace
  readonly name?: string | undefined
  readonly path?: string | undefined
  readonly removeOnClose?: boolean | undefined
}

/** The largest process id (`PID_MAX_LIMIT`, linux/threads.h). */
const largestPid = 0x400000

/**
 * A network namespace (network_namespaces(7)), held open by a descriptor until `close()`.
 *
 * Named ones are those of `ip netns`: a name is a file in `/run/netns` on which the namespace is mounted. An
 * anonymous one lasts as long as something holds it: this handle, a process, a socket, or a link whose
 * other end lives elsewhere.
 *
 * A handle goes on working when its name is removed by somebody else; what needs the name again, such as
 * `open`, then rejects with `ENOENT`.
 *
 * Entering and creating namespaces needs `CAP_SYS_ADMIN`, as root has it in its own user namespace.
 */
export class NetworkNamespace {
  /** Its name in `/run/netns`, if it was created or opened under one. */
  readonly name: string | undefined
  /** A file that names it for other programs too, for as long as the name is pinned, or this handle open. */
  readonly path: string
  /** `st_ino` and, in `device`, `st_dev` of the namespace: together they tell it from every other that exists. */
  readonly inode: number
  readonly device: number
  /** The kernel parameters below `net`, as this namespace has them. */
  readonly sysctl: Sysctl

  readonly #native: NativeNamespace
  readonly #removeOnClose: boolean
  #closing: Promise<void> | undefined

  private constructor({ native, name, path, removeOnClose }: Origin) {
    this.#native = native
    this.#removeOnClose = removeOnClose === true
    this.name = name
    this.path = path ?? `/proc/${process.pid}/fd/${native.fd}`
    this.inode = native.inode
    this.device = native.device
    this.sysctl = new Sysctl(() => this.native)
  }

  /**
   * Makes a namespace, in which there is nothing but a loopback link that is down. With a name it is pinned
   * in `/run/netns` as `ip netns add` does, and stays when this process ends; without one it is anonymous.
   *
   * Rejects with `EEXIST` if the name is taken, and `EPERM` without `CAP_SYS_ADMIN`. Nothing is left behind.
   */
  static async create(name?: string, options: CreateNamespaceOptions = {}): Promise<NetworkNamespace> {
    if (name !== undefined) checkName(name)
    checkObject(options, ['removeOnClose', ...callKeys], 'an object such as { removeOnClose: true }')
    checkBoolean(options.removeOnClose, 'removeOnClose')
    const path = name === undefined ? undefined : pathOf(name)
    const native = await perform({
      request: { method: 'NetworkNamespace.create', input: name },
      options,
      start: () => binding().createNamespace(path),
      discard(late) {
        late.close()
        if (path !== undefined)
          binding()
            .unpinNamespace(path)
            .catch(() => undefined)
      },
      explain: (code) => explainCreate(code, name)
    })
    return new NetworkNamespace({ native, name, path, removeOnClose: options.removeOnClose })
  }

  /**
   * Opens a namespace that exists: by its name in `/run/netns`, by a file, as that of a process, or by a
   * descriptor, which is duplicated and remains the caller's.
   *
   * Rejects with `ENOENT` if there is none, and `EINVAL` if it is something else.
   */
  static async open(reference: NamespaceReference, options: CallOptions = {}): Promise<NetworkNamespace> {
    const { path, name, fd, what } = resolve(reference)
    const native = await perform({
      request: { method: 'NetworkNamespace.open', input: reference },
      options,
      start: () => (path === undefined ? binding().adoptNamespace(fd) : binding().openNamespace(path)),
      discard: (late) => late.close(),
      explain: (code) => explainOpen(code, what)
    })
    return new NetworkNamespace({ native, name, path })
  }

  /** Opens the namespace that the calling thread is in, which is that of the process unless inside `runSync`. */
  static async current(options: CallOptions = {}): Promise<NetworkNamespace> {
    const native = await perform({
      request: { method: 'NetworkNamespace.current', input: undefined },
      options,
      start: () => Promise.resolve(binding().currentNamespace()),
      discard: (late) => late.close()
    })
    return new NetworkNamespace({ native })
  }

  /**
   * The namespaces that have a name in `/run/netns`, sorted by name. What lies there and is no network
   * namespace, such as a file whose mount went with a reboot, is left out.
   */
  static async list(options: CallOptions = {}): Promise<NamespaceEntry[]> {
    return listNamespaces(options)
  }

  /**
   * Takes a name out of `/run/netns`, as `ip netns delete` does. The namespace itself lasts until nothing
   * holds it any more. Rejects with `ENOENT` if there is no such name.
   */
  static async remove(name: string, options: CallOptions = {}): Promise<void> {
    checkName(name)
    await perform({
      request: { method: 'NetworkNamespace.remove', input: name },
      options,
      start: () => binding().unpinNamespace(pathOf(name)),
      explain: (code) => explainOpen(code, `the name ${JSON.stringify(name)}`)
    })
  }

  /**
   * The native handle, for the layers above: a `NetworkStack` opens its socket in it, and a link is put there
   * by its descriptor. Throws `ERR_CLOSED` after `close()`.
   */
  get native(): NativeNamespace {
    if (this.#closing !== undefined) {
      throw new NetloomError('ERR_CLOSED', `The network namespace ${this.name ?? this.path} is closed.`)
    }
    return this.#native
  }

  /** `close()` was called. */
  get closed(): boolean {
    return this.#closing !== undefined
  }

  /** True if both handles are of the same namespace. */
  equals(other: NetworkNamespace): boolean {
    return this.inode === other.inode && this.device === other.device
  }

  /**
   * Its id (nsid) as another namespace knows it, by default the caller's: what links tell as
   * `linkNamespaceId`. `undefined` if it has none there; the kernel gives it one when a link first needs it.
   */
  async getId(options: NamespaceIdOptions = {}): Promise<number | undefined> {
    const request = { method: 'namespace.getId', input: this }
    return this.#overConnection(options, (target, connection, call) =>
      connection.run(getId(target, request), call)
    )
  }

  /**
   * Gives it an id, a chosen one or any that is free, and resolves to that. An id can't be changed or taken
   * away. Rejects with `EEXIST` if it has one already, and `ENOSPC` if another namespace has this one.
   */
  async setId(id: number | 'auto', options: NamespaceIdOptions = {}): Promise<number> {
    if (id !== 'auto') {
      if (typeof id !== 'number') throw new InvalidType(id, '"auto" or a whole number').within('id')
      checkInteger(id, 'id', 0, largestId)
    }
    const request = { method: 'namespace.setId', input: id }
    return this.#overConnection(options, async (target, connection, call) => {
      await connection.run(setId(target, id === 'auto' ? notAssigned : id, request), call)
      if (id !== 'auto') return id
      return (await connection.run(getId(target, request), call)) as number
    })
  }

  /**
   * Runs a synchronous function inside: the sockets and files that it opens are those of this namespace. The
   * thread is put back when it returns or throws; if that were impossible, the process would end rather than
   * go on in the wrong place.
   *
   * What the function starts must not outlive it in another thread: asynchronous work of `node:fs` and others
   * runs in threads that are not inside, and a `Worker` started inside stays there. Processes that it starts are
   * inside. A function that returns a promise is refused with `ERR_PROMISE_IN_NAMESPACE`; one that is declared
   * `async` is not even run. In Bun, threads that the runtime starts meanwhile stay in the namespace.
   */
  runSync<T>(run: SynchronousFunction<T>): T {
    return runSync<T>(this.native, run)
  }

  /**
   * Starts a process inside, as `ip netns exec` does: in a mount namespace of its own, where `/sys` is mounted
   * for the namespace, and the files of `/etc/netns/NAME` are bound over those in `/etc`; see `mounts` and `binds`.
   *
   * Rejects if it can't be started, with the system call that failed: `ENOENT` for a command that is not there.
   */
  async spawn(
    command: string,
    args: readonly string[] = [],
    options: SpawnOptions = {}
  ): Promise<NamespaceProcess> {
    const { native } = this
    const spec = spawnOptions(command, args, options)
    options.signal?.throwIfAborted()
    const ofName = spec.mountSys && this.name !== undefined ? await etcBinds(this.name) : []
    const given = Object.entries(options.binds ?? {}).map(([target, source]): [string, string] => [
      source,
      target
    ])
    options.signal?.throwIfAborted()
    const started = await perform({
      request: { method: 'namespace.spawn', input: [command, ...args] },
      options: {},
      start: () => binding().spawn(native, { ...spec, binds: [...ofName, ...given] })
    })
    return new NamespaceProcess(started, spec.args, options)
  }

  /**
   * Opens a socket inside and resolves to its descriptor, which is the caller's: hand it to
   * `server.listen({ fd })`, `new net.Socket({ fd })`, whose `connect` then starts inside, or
   * `dgramSocket.bind({ fd })`; or close it with `fs.closeSync`.
   *
   * Rejects with what bind(2), listen(2) and setsockopt(2) report: `EADDRINUSE`, `EADDRNOTAVAIL`, `ENODEV`.
   */
  async openSocket(options: OpenSocketOptions & CallOptions): Promise<number> {
    const { native } = this
    const spec = socketOptions(options)
    return perform({
      request: { method: 'namespace.openSocket', input: options },
      options: { signal: options.signal, timeout: options.timeout },
      start: () => binding().openInetSocket(native, spec),
      discard: (fd) => binding().closeDescriptor(fd)
    })
  }

  /**
   * Opens and binds sockets inside as `openSocket` would, and closes each at once: tells of each whether it could be had
   * now, with the code of the error if it could not, such as `EADDRINUSE`. Many are tried in the time of a few.
   *
   * Rejects only with what concerns them all; throws for options that can't be right.
   */
  async trySockets(
    sockets: readonly OpenSocketOptions[],
    options: CallOptions = {}
  ): Promise<(string | undefined)[]> {
    const { native } = this
    const specs = sockets.map((socket, i) => within(i, () => socketOptions(socket)))
    const errors = await perform({
      request: { method: 'namespace.trySockets', input: sockets },
      options,
      start: () => binding().tryInetSockets(native, specs)
    })
    return errors.map((errno) => (errno === 0 ? undefined : errnoName(errno)))
  }

  /**
   * Lets go of the namespace; every later call rejects with `ERR_CLOSED`. Calls under way end as if it were
   * open, and processes and sockets inside live on. A name stays, unless it was created with `removeOnClose`: then it is removed if it is still this
   * namespace's. If that fails, this rejects, and the handle is closed all the same. Can be repeated.
   */
  close(): Promise<void> {
    return (this.#closing ??= this.#close())
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** What shows in errors and logs. */
  toJSON(): { name?: string | undefined; path: string; inode: number } {
    return { name: this.name, path: this.path, inode: this.inode }
  }

  [inspect.custom](): string {
    const closed = this.closed ? ', closed' : ''
    return `NetworkNamespace { ${this.name ?? this.path}, inode ${this.inode}${closed} }`
  }

  async #close(): Promise<void> {
    try {
      if (this.#removeOnClose && this.name !== undefined && (await this.#isPinned())) {
        await binding().unpinNamespace(this.path)
      }
    } catch (error) {
      // Somebody else may have removed it meanwhile, and that is what was wanted.
      if (!isGone(error)) throw fromNative(error, { method: 'namespace.close', input: this })
    } finally {
      this.#native.close()
    }
  }

  /** The name still stands for this namespace, and not for one that somebody made since under that name. */
  async #isPinned(): Promise<boolean> {
    let found: NativeNamespace
    try {
      found = await binding().openNamespace(this.path)
    } catch (error) {
      if (isGone(error)) return false
      throw error
    }
    const same = found.inode === this.inode && found.device === this.device
    found.close()
    return same
  }

  async #overConnection<T>(
    options: NamespaceIdOptions,
    use: (
      target: NativeNamespace,
      connection: Parameters<Parameters<typeof overConnection>[1]>[0],
      call: CallOptions
    ) => Promise<T>
  ): Promise<T> {
    const { native } = this
    checkObject(options, ['from', ...callKeys], 'an object of options')
    const { from, signal, timeout } = options
    if (from !== undefined && !(from instanceof NetworkNamespace)) {
      throw new InvalidType(from, 'a NetworkNamespace').within('from')
    }
    const call = { signal, timeout }
    checkCallOptions(call)
    signal?.throwIfAborted()
    const viewer = from?.native
    // The kernel looks the descriptor up when the request is sent; by then this handle may be closed, and
    // its number another's.
    const target = await binding().adoptNamespace(native.fd)
    try {
      return await overConnection(viewer, (connection) => use(target, connection, call))
    } finally {
      target.close()
    }
  }
}

interface Resolved {
  readonly path?: string
  readonly name?: string | undefined
  readonly fd: number
  /** In words, for errors. */
  readonly what: string
}

function resolve(reference: NamespaceReference): Resolved {
  if (typeof reference === 'string') {
    checkName(reference)
    return { path: pathOf(reference), name: reference, fd: -1, what: `the name ${JSON.stringify(reference)}` }
  }
  const expected = 'a name, or an object with one of path, pid, fd'
  checkObject(reference, ['path', 'pid', 'fd'], expected)
  const { path, pid, fd } = reference as { path?: string; pid?: number; fd?: number }
  const given = [path, pid, fd].filter((value) => value !== undefined)
  if (given.length !== 1) throw new InvalidType(reference, expected, 'ERR_INVALID_ARG_VALUE')
  if (path !== undefined) {
    checkText(path, 'path')
    if (path === '') throw new InvalidType(path, 'the path of a file', 'ERR_INVALID_ARG_VALUE').within('path')
    return { path, name: nameOf(path), fd: -1, what: path }
  }
  if (pid !== undefined) {
    checkInteger(pid, 'pid', 1, largestPid)
    return { path: `/proc/${pid}/ns/net`, fd: -1, what: `the process ${pid}` }
  }
  checkInteger(fd, 'fd', 0, 0x7fffffff)
  return { fd: fd!, what: `the descriptor ${fd}` }
}

function explainCreate(code: string, name: string | undefined): string | undefined {
  if (code === 'EEXIST') return `there is a namespace, or a file, named ${JSON.stringify(name)} already`
  if (code === 'EPERM') return 'making a network namespace needs CAP_SYS_ADMIN'
  return undefined
}

function explainOpen(code: string, what: string): string | undefined {
  switch (code) {
    case 'ENOENT':
    case 'ESRCH':
    case 'EBADF':
      return `${what} does not exist`
    case 'EINVAL':
      return `${what} is no network namespace`
    case 'EACCES':
    case 'EPERM':
      return `${what} can't be opened or changed without more rights`
    default:
      return undefined
  }
}

const gone = new Set(['ENOENT', 'EINVAL'])

function isGone(error: unknown): boolean {
  return isNative(error) && gone.has(errnoName(error.errno))
}
