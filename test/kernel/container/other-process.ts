/** Another process that uses the same state directory. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { ContainerNetworks } from '../../../src/container/index.js'
import type { ContainerNetworksOptions } from '../../../src/container/index.js'
import { NetworkNamespace } from '../../../src/index.js'

type Options = Pick<ContainerNetworksOptions, 'stateDirectory' | 'nameService'>

interface Request {
  /** The body of an async function of `networks`. */
  readonly code: string
}

interface Answer {
  readonly value?: unknown
  readonly error?: { readonly message: string; readonly code?: string }
}

export class OtherProcess {
  readonly #child: ChildProcess
  readonly #answers: AsyncIterator<string>

  private constructor(child: ChildProcess) {
    this.#child = child
    this.#answers = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  }

  /** Starts it, with networks open on this host; `mounts` is a shell command that changes what it finds in its files. */
  static async start(host: NetworkNamespace, options: Options, mounts?: string): Promise<OtherProcess> {
    const node = [process.execPath, '--import', 'tsx', fileURLToPath(import.meta.url)]
    const mounted = mounts === undefined ? [] : ['unshare', '-m', 'sh', '-c', `${mounts} && exec "$@"`, 'sh']
    const [program, ...args] = [...mounted, ...node, host.path, JSON.stringify(options)]
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    const other = new OtherProcess(child)
    await other.#answer()
    return other
  }

  /** Runs the body of an async function of `networks` there; its JSON. */
  async run(code: string): Promise<unknown> {
    this.#child.stdin!.write(`${JSON.stringify({ code } satisfies Request)}\n`)
    return this.#answer()
  }

  /** Kills it, as it is. */
  async kill(): Promise<void> {
    const ended = once(this.#child, 'exit')
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    this.#child.kill('SIGKILL')
    await ended
  }

  /** Closes its networks, and lets it end. */
  async close(): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#child.stdin!.end()
    await ended
  }

  async #answer(): Promise<unknown> {
    const line = await this.#answers.next()
    if (line.done === true) throw new Error('the other process has ended')
    const { value, error } = JSON.parse(line.value) as Answer
    if (error !== undefined) throw Object.assign(new Error(error.message), error)
    return value
  }
}

async function main(path: string, options: Options): Promise<void> {
  const host = await NetworkNamespace.open({ path })
  const networks = await ContainerNetworks.open({ host, ...options })
  console.log('{}')
  for await (const line of createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await perform(networks, JSON.parse(line) as Request)))
  }
  await networks.close()
  await host.close()
}

async function perform(networks: ContainerNetworks, { code }: Request): Promise<Answer> {
  try {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- it comes from a test.
    const body = new Function('networks', `return (async () => { ${code} })()`) as (
      n: object
    ) => Promise<unknown>
    return { value: (await body(networks)) ?? null }
  } catch (error) {
    const { message, code: name } = error as Error & { code?: string }
    return { error: { message, ...(name === undefined ? {} : { code: name }) } }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(process.argv[2]!, JSON.parse(process.argv[3]!) as Options)
}
