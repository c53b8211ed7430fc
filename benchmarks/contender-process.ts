/** A contender at work inside a namespace. */
import type { NamespaceProcess, NetworkNamespace } from 'netloom'
import type { Contender } from './contenders.js'
import { parseMeasurement } from './measurement.js'
import type { Measurement } from './measurement.js'
import { withoutPaths } from './paths.js'

export type OperationArguments = Readonly<Record<string, string | number>>

export interface StartOptions {
  readonly namespace: NetworkNamespace
  readonly operation: string
  readonly arguments: OperationArguments
  /** The number of the processor that it has; all when absent. */
  readonly processor?: number | undefined
  /** Seconds after which it is killed. */
  readonly patience: number
}

/** What went wrong, in the contender's words. */
export class ContenderError extends Error {}

/**
 * A shell that stays between. A program that a large process starts directly begins with that one's peak
 * memory as its own (`ru_maxrss` survives execve(2)), and would tell ours.
 */
const shell = ['-c', '"$@"; exit $?', 'sh']

const running = new Set<ContenderProcess>()

/** Kills those that still run: for a run that is interrupted. */
export function killAll(): void {
  for (const process of running) process.kill()
}

export class ContenderProcess {
  /** Its first line: those that follow something print one when they do. */
  readonly ready: Promise<string>
  readonly #process: NamespaceProcess
  readonly #patience: number
  readonly #ended: Promise<string[]>
  #stderr = ''
  #overdue = false

  private constructor(process: NamespaceProcess, patience: number) {
    this.#process = process
    this.#patience = patience
    running.add(this)
    const lines = this.#lines()
    this.ready = lines.first
    this.#ended = this.#end(lines.all)
    // Whoever wants to know awaits `measurement`.
    this.ready.catch(() => undefined)
    this.#ended.catch(() => undefined)
  }

  static async start(contender: Contender, options: StartOptions): Promise<ContenderProcess> {
    const words = Object.entries(options.arguments).map(([key, value]) => `${key}=${value}`)
    const operation = contender.aliases?.[options.operation] ?? options.operation
    const { processor } = options
    const bound = processor === undefined ? [] : ['taskset', '--cpu-list', String(processor)]
    const command = [...shell, ...bound, ...contender.command, operation, ...words]
    const process = await options.namespace.spawn('sh', command, { cwd: contender.folder, detached: true })
    return new ContenderProcess(process, options.patience)
  }

  /** Tells one that goes on until it is told to end. */
  finish(): void {
    this.#process.stdin?.end()
  }

  kill(): void {
    try {
      process.kill(-this.#process.pid, 'SIGKILL')
    } catch {
      // It has ended.
    }
  }

  /** The last line that it prints. Rejects with a `ContenderError` if it failed or took too long. */
  async lastLine(): Promise<string> {
    return (await this.#ended).at(-1) ?? ''
  }

  async measurement(): Promise<Measurement> {
    const line = await this.lastLine()
    try {
      return parseMeasurement(line)
    } catch (error) {
      throw new ContenderError((error as Error).message)
    }
  }

  #lines(): { first: Promise<string>; all: Promise<string[]> } {
    const { stdout, stderr } = this.#process
    stderr?.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text))
    let text = ''
    const first = new Promise<string>((resolve, reject) => {
      stdout?.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
        if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')))
      })
      this.#process.once('close', () => reject(new ContenderError('it ended before it was ready')))
    })
    const all = new Promise<string[]>((resolve) => {
      this.#process.once('close', () => resolve(text.trimEnd().split('\n')))
    })
    return { first, all }
  }

  async #end(lines: Promise<string[]>): Promise<string[]> {
    const timer = setTimeout(() => {
      this.#overdue = true
      this.kill()
    }, this.#patience * 1000)
    const printed = await lines
    clearTimeout(timer)
    running.delete(this)
    const { exitCode, signalCode } = this.#process
    if (this.#overdue) throw new ContenderError(`it took longer than ${this.#patience} s`)
    if (exitCode === 0) return printed
    const how = signalCode ?? `status ${exitCode}`
    const said = withoutPaths(this.#stderr.trim()).slice(-1000)
    throw new ContenderError(`${how}: ${said || 'it said nothing'}`)
  }
}
