import { constants } from 'node:os'
import type { NativeSpawnOptions } from '../binding.js'
import {
  InvalidType,
  invalidRange,
  invalidType,
  invalidValue,
  requireObject,
  within
} from '../codec/index.js'
import { checkBoolean, checkInteger, checkObject, checkText } from './options.js'

/**
 * What one descriptor of a process is connected to: a stream of ours, nothing (`/dev/null`), the descriptor
 * of the same number in this process, or a given descriptor, or what has one.
 */
export type ProcessStdio = 'pipe' | 'ignore' | 'inherit' | number | { readonly fd: number } | null | undefined

/** How `NetworkNamespace.spawn` starts a process. */
export interface SpawnOptions {
  /** Its working directory. Default: this process's. */
  readonly cwd?: string | undefined
  /** Its environment; `PATH` in it says where a command without a slash is looked for. Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** `argv[0]`, by default the command. */
  readonly argv0?: string | undefined
  /**
   * One for each descriptor from 0, or one word for the first three; `'pipe'` where none is given. Beyond
   * the third, absent means `'ignore'`.
   */
  readonly stdio?: 'pipe' | 'ignore' | 'inherit' | readonly ProcessStdio[] | undefined
  /** Its user and group id. Supplementary groups are dropped with them. */
  readonly uid?: number | undefined
  readonly gid?: number | undefined
  /** In a session of its own (setsid(2)), so that it outlives this one's terminal. Default: false. */
  readonly detached?: boolean | undefined
  /** Aborting kills it with `killSignal`; aborted before it starts, `spawn` rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds after which it is killed with `killSignal`. */
  readonly timeout?: number | undefined
  /** Default: `'SIGTERM'`. */
  readonly killSignal?: NodeJS.Signals | number | undefined
  /**
   * Gives it a mount namespace of its own, as `ip netns exec` does: `/sys` shows the links of the namespace,
   * and in a named one the files in `/etc/netns/NAME` lie over those of the same name in `/etc`. Needs
   * `CAP_SYS_ADMIN`. Default: true.
   */
  readonly mounts?: boolean | undefined
  /**
   * Further files to bind over others in its mount namespace, by the paths over which they lie:
   * `{ '/etc/hosts': '/run/web/hosts' }`. What isn't there, on either side, is left out. Not with `mounts: false`.
   */
  readonly binds?: Readonly<Record<string, string>> | undefined
}

const keys = [
  'cwd',
  'env',
  'argv0',
  'stdio',
  'uid',
  'gid',
  'detached',
  'signal',
  'timeout',
  'killSignal',
  'mounts',
  'binds'
]

/** (uid_t) −1 is no user. */
const largestUser = 0xfffffffe
const longestTimeout = 0x7fffffff

const devNull = -1
const pipe = -2

/** Checks what to start, and says it in the binding's words, apart from what to bind. */
export function spawnOptions(
  command: string,
  args: readonly string[],
  options: SpawnOptions
): Omit<NativeSpawnOptions, 'binds'> {
  checkCommand(command)
  checkArguments(args)
  checkObject(options, keys, 'an object of options')
  checkText(options.cwd, 'cwd')
  checkText(options.argv0, 'argv0')
  checkInteger(options.uid, 'uid', 0, largestUser)
  checkInteger(options.gid, 'gid', 0, largestUser)
  checkInteger(options.timeout, 'timeout', 0, longestTimeout)
  checkBoolean(options.detached, 'detached')
  checkBoolean(options.mounts, 'mounts')
  checkBinds(options)
  if (options.killSignal !== undefined) signalNumber(options.killSignal, 'killSignal')
  if (options.signal !== undefined && !(options.signal instanceof AbortSignal)) {
    throw new InvalidType(options.signal, 'an AbortSignal').within('signal')
  }
  return {
    file: command,
    args: [options.argv0 ?? command, ...args],
    env: environment(options.env ?? process.env),
    cwd: options.cwd,
    stdio: stdioNumbers(options.stdio),
    uid: options.uid,
    gid: options.gid,
    detached: options.detached,
    mountSys: options.mounts ?? true
  }
}

function checkBinds({ binds, mounts }: SpawnOptions): void {
  if (binds === undefined) return
  within('binds', () => {
    requireObject(binds, 'an object such as { "/etc/hosts": "/run/web/hosts" }')
    if (mounts === false) invalidValue(binds, 'absent: mounts is false')
    const expected = 'an absolute path'
    for (const [target, source] of Object.entries(binds)) {
      within(target, () => {
        for (const path of [target, source]) {
          if (typeof path !== 'string') invalidType(path, expected)
          if (!path.startsWith('/') || path.includes('\0')) invalidValue(path, expected)
        }
      })
    }
  })
}

function checkCommand(command: unknown): void {
  const expected = 'the name or path of a program'
  within('command', () => {
    if (typeof command !== 'string') invalidType(command, expected)
    if (command === '' || command.includes('\0')) invalidValue(command, expected)
  })
}

function checkArguments(args: unknown): void {
  within('args', () => {
    if (!Array.isArray(args)) invalidType(args, 'an array of strings')
    args.forEach((argument: unknown, i) => {
      if (argument === undefined) throw new InvalidType(argument, 'a string').within(i)
      checkText(argument, i)
    })
  })
}

function environment(env: Readonly<Record<string, string | undefined>>): string[] {
  if (typeof env !== 'object' || env === null || Array.isArray(env)) {
    throw new InvalidType(env, 'an object of strings').within('env')
  }
  const list: string[] = []
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) continue
    within('env', () => {
      if (name === '' || /[=\0]/.test(name)) invalidValue(name, 'a name without "=" or a NUL')
      checkText(value, name)
    })
    list.push(`${name}=${value}`)
  }
  return list
}

function stdioNumbers(stdio: SpawnOptions['stdio']): number[] {
  const expected = '"pipe", "ignore", "inherit", or an array'
  if (typeof stdio === 'string') {
    if (stdio !== 'pipe' && stdio !== 'ignore' && stdio !== 'inherit') {
      return within('stdio', () => invalidValue(stdio, expected))
    }
    return [0, 1, 2].map((index) => stdioNumber(stdio, index))
  }
  if (stdio !== undefined && !Array.isArray(stdio)) throw new InvalidType(stdio, expected).within('stdio')
  const items: readonly ProcessStdio[] = stdio ?? []
  const numbers: number[] = []
  for (let i = 0; i < Math.max(3, items.length); i++) {
    numbers.push(within('stdio', () => within(i, () => stdioNumber(items[i], i))))
  }
  return numbers
}

function stdioNumber(item: ProcessStdio, index: number): number {
  if (item === undefined || item === null) return index < 3 ? pipe : devNull
  if (item === 'pipe') return pipe
  if (item === 'ignore') return devNull
  if (item === 'inherit') return index
  const fd: unknown = typeof item === 'object' ? item.fd : item
  const expected = '"pipe", "ignore", "inherit", a descriptor, or an object with an open one as fd'
  if (typeof fd === 'string') invalidValue(fd, expected)
  if (typeof fd !== 'number') invalidType(item, expected)
  if (!Number.isInteger(fd) || fd < 0 || fd > 0x7fffffff) invalidRange(fd, expected)
  return fd
}

const signals: Readonly<Record<string, number>> = constants.signals
const namesOfSignals = new Map<number, string>()
for (const [name, number] of Object.entries(signals)) {
  // Of two names for one number, the first is the usual one: SIGABRT, SIGIO.
  if (!namesOfSignals.has(number)) namesOfSignals.set(number, name)
}

const largestSignal = 64

/** The number of a signal; 0, which only asks whether the process is there, included. */
export function signalNumber(signal: unknown, field = 'signal'): number {
  const expected = `a signal such as "SIGTERM", or a number from 0 to ${largestSignal}`
  return within(field, () => {
    if (typeof signal === 'number') {
      if (!Number.isInteger(signal) || signal < 0 || signal > largestSignal) invalidRange(signal, expected)
      return signal
    }
    if (typeof signal !== 'string') invalidType(signal, expected)
    const number = Object.hasOwn(signals, signal) ? signals[signal] : undefined
    return number ?? invalidValue(signal, expected)
  })
}

/** The first real-time signal that the C library leaves to programs (signal(7)). */
const SIGRTMIN = 34

/** The name of a signal, of a real-time one as kill(1) prints it: `'SIGRTMIN+1'`. */
export function signalName(number: number): string {
  const offset = number - SIGRTMIN
  return namesOfSignals.get(number) ?? (offset <= 0 ? 'SIGRTMIN' : `SIGRTMIN+${offset}`)
}
