import { EventEmitter } from 'node:events'
import { Socket } from 'node:net'
import type { Duplex, Readable, Writable } from 'node:stream'
import { type NativeProcess, binding } from '../binding.js'
import { fromNative } from '../netlink/index.js'
import { OutputStream } from './output-stream.js'
import { type SpawnOptions, signalName, signalNumber } from './process-options.js'

/** How a process ended: its exit code, or the signal that ended it. */
export interface ProcessExit {
  readonly code: number | null
  /** `'SIGKILL'`; a real-time signal is `'SIGRTMIN+1'`. */
  readonly signal: string | null
}

/** The events of a `NamespaceProcess`. */
export interface ProcessEvents {
  /** It ended. Its streams may still hold what it wrote. */
  exit: [code: number | null, signal: string | null]
  /**
   * It ended, and all that it wrote has arrived: no other process holds the other ends any more. It may still
   * have to be read.
   */
  close: [code: number | null, signal: string | null]
}

/**
 * A process in a network namespace, started by `NetworkNamespace.spawn`.
 *
 * It is like `ChildProcess` of `node:child_process`, except that
 * - it is handed out once the program runs, so there is no `'spawn'` event, and what goes wrong before that
 *   rejects `spawn` instead of being emitted as `'error'`;
 * - what it wrote to `stdout` and `stderr` can be read after it ended: nothing is thrown away;
 * - aborting `signal` kills it and emits no `'error'`; it ends as any killed process does;
 * - there is an `exited` promise;
 * - there is no IPC channel, and no shell.
 */
export class NamespaceProcess extends EventEmitter<ProcessEvents> {
  /** Its process id. After it ended, the kernel may give the number to another process; `kill` knows that. */
  readonly pid: number
  /** The command and its arguments. */
  readonly spawnargs: readonly string[]
  /** Settles when the process has ended, right after `'exit'` was emitted. Never rejects for a failed process. */
  readonly exited: Promise<ProcessExit>
  /** What it reads from its descriptor 0; `null` where that is no pipe. So for the others. */
  readonly stdin: Writable | null
  readonly stdout: Readable | null
  readonly stderr: Readable | null
  /** Those three, and after them a stream for both directions for each further pipe. */
  readonly stdio: readonly [Writable | null, Readable | null, Readable | null, ...(Duplex | null)[]]

  readonly #native: NativeProcess
  readonly #sockets: readonly (Socket | null)[]
  readonly #outputs: readonly OutputStream[]
  readonly #stopWatching: () => void
  #exitCode: number | null = null
  #signalCode: string | null = null
  #killed = false
  #ended = false

  /** @internal Made by `NetworkNamespace.spawn`. */
  constructor(native: NativeProcess, spawnargs: readonly string[], options: SpawnOptions) {
    super()
    this.#native = native
    this.pid = native.pid
    this.spawnargs = spawnargs
    const [stdin = null, out = null, err = null, ...others] = (this.#sockets = openSockets(native))
    const stdout = out === null ? null : new OutputStream(out)
    const stderr = err === null ? null : new OutputStream(err)
    this.#outputs = [stdout, stderr].filter((stream) => stream !== null)
    this.stdin = stdin
    this.stdout = stdout
    this.stderr = stderr
    this.stdio = [stdin, stdout, stderr, ...others]
    this.#stopWatching = this.#watch(options)
    this.exited = this.#follow()
    // Only the end of this environment rejects it, and then nobody may be there to look.
    this.exited.catch(() => undefined)
  }

  /** The exit code once it ended by itself, else null. */
  get exitCode(): number | null {
    return this.#exitCode
  }

  /** The signal that ended it, else null. */
  get signalCode(): string | null {
    return this.#signalCode
  }

  /** A signal was sent to it by `kill`. That says nothing about whether it ended. */
  get killed(): boolean {
    return this.#killed
  }

  /**
   * Sends it a signal, by its name or number. False when it has ended: another process is never hit, whatever
   * became of the process id (pidfd_send_signal(2)).
   */
  kill(signal: NodeJS.Signals | number = 'SIGTERM'): boolean {
    const number = signalNumber(signal)
    if (this.#ended) return false
    let sent: boolean
    try {
      sent = this.#native.kill(number)
    } catch (error) {
      throw fromNative(error, { method: 'process.kill', input: signal })
    }
    if (sent && number !== 0) this.#killed = true
    return sent
  }

  /** Keeps this process alive until that one has ended: the default. */
  ref(): void {
    this.#native.ref()
  }

  /** Lets this process end before that one. Pipes to it hold this process all the same. */
  unref(): void {
    this.#native.unref()
  }

  /** Kills it, as leaving the block of `using child = …` does. */
  [Symbol.dispose](): void {
    if (!this.#ended) this.kill()
  }

  #watch({ signal, timeout, killSignal }: SpawnOptions): () => void {
    const kill = (): void => void this.kill(killSignal)
    const timer = timeout === undefined ? undefined : setTimeout(kill, timeout)
    if (signal?.aborted === true) kill()
    else signal?.addEventListener('abort', kill, { once: true })
    return () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', kill)
    }
  }

  #follow(): Promise<ProcessExit> {
    return new Promise((resolve, reject) => {
      this.#native.exited.then(
        ({ code, signal }) => {
          const exit = { code, signal: signal === null ? null : signalName(signal) }
          // Out of the promise, so that what a listener throws is an uncaught exception as elsewhere.
          process.nextTick(() => {
            resolve(exit)
            this.#end(exit)
          })
        },
        (error: unknown) => {
          this.#stopWatching()
          reject(fromNative(error, { method: 'namespace.spawn', input: this.spawnargs }))
        }
      )
    })
  }

  #end({ code, signal }: ProcessExit): void {
    this.#ended = true
    this.#exitCode = code
    this.#signalCode = signal
    this.#stopWatching()
    this.stdin?.destroy()
    const open = new Set(this.#sockets.filter((socket) => socket !== null && !socket.closed))
    const close = (): void => {
      if (open.size === 0) this.emit('close', code, signal)
    }
    for (const socket of open) {
      socket?.once('close', () => {
        open.delete(socket)
        close()
      })
    }
    for (const output of this.#outputs) output.drain()
    this.emit('exit', code, signal)
    process.nextTick(() => {
      if (open.size === 0) close()
      // What nobody reads would keep a further pipe, and 'close', for ever.
      for (const socket of this.#sockets.slice(3)) if (socket?.readable === true) socket.resume()
    })
  }
}

/** Makes a socket of each pipe. If one can't be made, no descriptor and no process is left. */
function openSockets(native: NativeProcess): (Socket | null)[] {
  const sockets: (Socket | null)[] = []
  try {
    native.stdio.forEach((fd, index) => {
      const readable = index !== 0
      const writable = index === 0 || index > 2
      sockets.push(fd < 0 ? null : new Socket({ fd, readable, writable }))
    })
  } catch (error) {
    native.kill(signalNumber('SIGKILL'))
    for (const fd of native.stdio.slice(sockets.length)) if (fd >= 0) binding().closeDescriptor(fd)
    for (const socket of sockets) socket?.destroy()
    native.exited.catch(() => undefined)
    throw error
  }
  return sockets
}
