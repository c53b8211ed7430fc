/**
 * The compiled package and its addon in every runtime that they are made for. This folder has a package.json
 * of its own: npm's `node` package, installed at the root, would shadow `node` in every script.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { execute } from '../setup/namespace.js'

const folder = import.meta.dirname
const root = join(folder, '..', '..')
const arm = process.arch === 'arm64'

interface Runtime {
  name: string
  /** The program, below node_modules. */
  program: string
  args: string[]
  /** What it must call itself in `process.versions`. */
  version: [key: string, value: RegExp]
}

const runtimes: Runtime[] = [
  ...[20, 22, 24, 26].map((major) => ({
    name: `Node.js ${major}`,
    program: `node-${major}-${process.arch}/bin/node`,
    args: [],
    version: ['node', new RegExp(`^${major}\\.`)] as [string, RegExp]
  })),
  {
    name: 'Bun',
    program: `@oven/bun-linux-${arm ? 'aarch64' : 'x64'}/bin/bun`,
    args: ['run'],
    version: ['bun', /^1\./]
  },
  {
    name: 'Deno',
    program: `@deno/linux-${process.arch}-glibc/deno`,
    args: ['run', '--allow-all', '--no-config', '--no-lock'],
    version: ['deno', /^2\./]
  }
]

interface Seen {
  runtime: Record<string, string>
  same: boolean
  links: string[]
}

let installation: string | undefined

beforeAll(() => {
  if (!existsSync(join(root, 'dist/index.js'))) throw new Error('there is no dist/: npm run build:ts')
  try {
    // npm tells its children the scripts' own configuration; this is another project.
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'pipe', encoding: 'utf8' })
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string }
    // A lock file that is out of step is our fault; a registry that can't be reached is not.
    if (stderr.includes('EUSAGE')) throw error
    installation = stderr.split('\n').find((line) => line.includes('error')) ?? 'npm ci failed'
  }
})

describe.each(runtimes)('$name', ({ name, program, args, version: [key, pattern] }) => {
  it('imports and requires the package, loads the addon and lists the links', async ({ skip }) => {
    const path = join(folder, 'node_modules', program)
    skip(
      !existsSync(path),
      `${name} can't be installed: ${installation ?? `npm has it not for ${process.arch}`}`
    )
    const seen = JSON.parse(await execute(path, [...args, join(folder, 'probe.mjs')])) as Seen
    expect(seen.runtime[key]).toMatch(pattern)
    expect(seen.same).toBe(true)
    const devices = readdirSync('/sys/class/net', { withFileTypes: true }).filter((entry) => !entry.isFile())
    expect(seen.links.sort()).toEqual(devices.map((entry) => entry.name).sort())
  })
})
