/** The machine, as far as figures depend on it. Nothing that names it. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { promisify } from 'node:util'

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly kernel: string
  readonly node: string
  /** What the contenders are compiled or run with; those that are not installed are left out. */
  readonly tools: Readonly<Record<string, string>>
  /** Who runs it: root of the machine, or of a user namespace only, where buffers can't be forced. */
  readonly as: string
  /** Bytes that a socket's buffer has by default, and at most without being forced. */
  readonly receiveBuffer: { readonly default: number; readonly max: number }
  /** Processes that wanted to run in the last minute, when the run began. */
  readonly load: number
}

/** The commit that is checked out, and whether anything was changed since; undefined outside a repository. */
export async function describeCommit(): Promise<string | undefined> {
  const words = ['describe', '--always', '--dirty', '--abbrev=12']
  const said = await promisify(execFile)('git', words, { cwd: import.meta.dirname }).catch(() => undefined)
  return said?.stdout.trim()
}

const versions: Readonly<Record<string, readonly string[]>> = {
  'C++': ['c++', '--version'],
  Go: ['go', 'version'],
  Rust: ['rustc', '--version'],
  Python: ['python3', '--version'],
  iproute2: ['ip', '-V']
}

export async function describeMachine(): Promise<Machine> {
  const tools: Record<string, string> = {}
  for (const [name, [program = '', ...words]] of Object.entries(versions)) {
    const said = await promisify(execFile)(program, words).catch(() => undefined)
    if (said !== undefined) tools[name] = said.stdout.split('\n')[0]!.trim()
  }
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    tools,
    as: process.env['NETLOOM_ISOLATION'] === 'root' ? 'root' : 'root of a user namespace',
    receiveBuffer: { default: parameter('rmem_default'), max: parameter('rmem_max') },
    load: loadavg()[0]!
  }
}

function parameter(name: string): number {
  try {
    return Number(readFileSync(`/proc/sys/net/core/${name}`, 'utf8'))
  } catch {
    return NaN // Kernels before 6.x show it in the first namespace only.
  }
}
