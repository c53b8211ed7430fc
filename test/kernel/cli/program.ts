/**
 * The command line as users run it: another process, in a namespace of the test. It is the built one, since compiling it
 * for each command takes longer than most commands; test/setup/built-program.ts builds it.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** The built program. */
export const main = join(import.meta.dirname, '../../../dist/cli/main.js')

export interface Outcome {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly out: string
  readonly error: string
}

export interface Program {
  readonly process: ChildProcess
  /** What it has written to standard output, and to standard error, so far. */
  readonly out: string
  readonly error: string
  readonly ended: Promise<Outcome>
}

function startScript(
  script: string,
  words: readonly string[],
  namespace: string,
  env: Record<string, string>
): ChildProcess {
  const { LD_PRELOAD: _, NETLOOM_STATE: __, ...inherited } = process.env
  const command = [`--net=${namespace}`, process.execPath, script, ...words]
  return spawn('nsenter', command, { env: { ...inherited, ...env }, stdio: ['pipe', 'pipe', 'pipe'] })
}

/** Starts `netloom WORDS`, in the namespace that a file names. */
export function start(
  words: readonly string[],
  namespace: string,
  env: Record<string, string> = {}
): Program {
  const child = startScript(main, words, namespace, env)
  const program = { process: child, out: '', error: '' }
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (program.out += text))
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (program.error += text))
  const ended = once(child, 'close').then(([status, signal]) => ({
    status: status as number | null,
    signal: signal as NodeJS.Signals | null,
    out: program.out,
    error: program.error
  }))
  return Object.assign(program, { ended })
}

/** Runs `netloom WORDS` to its end. */
export async function netloom(
  words: readonly string[],
  namespace: string,
  env: Record<string, string> = {},
  input = ''
): Promise<Outcome> {
  const program = start(words, namespace, env)
  program.process.stdin!.end(input)
  return program.ended
}

export interface Session {
  run(...words: string[]): Promise<Outcome>
  close(): Promise<void>
}

/** Runs many command lines in one process. What they print to the process itself, as `exec` does, is lost. */
export function session(namespace: string, env: Record<string, string>): Session {
  const child = startScript(join(import.meta.dirname, 'session.js'), [], namespace, env)
  const ended = once(child, 'close')
  let complaints = ''
  child.stderr!.on('data', (text) => (complaints += String(text)))
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  return {
    async run(...words) {
      child.stdin!.write(`${JSON.stringify(words)}\n`)
      const { value } = (await lines.next()) as { value?: string }
      if (value === undefined) throw new Error(`the session ended: ${complaints}`)
      return JSON.parse(value) as Outcome
    },
    async close() {
      child.stdin!.end()
      await ended
    }
  }
}
