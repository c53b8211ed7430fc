/** Every example, the tour of the README and the demo run as they stand. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { needsProgram } from '../setup/requirements.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)
/** Milliseconds for one program; an emulated machine takes long to start one. */
const limit = 'VM_RUN_GUEST' in process.env ? 600_000 : 60_000

/** Runs a TypeScript program; what it prints. Rejects if it fails. */
async function runTs(file: string): Promise<string> {
  const { stdout } = await run(process.execPath, ['--import', 'tsx', file], { cwd: root, timeout: limit })
  return stdout
}

describe('examples', async () => {
  needsProgram('ip')
  const files = (await readdir(join(root, 'examples'))).filter((name) => name.endsWith('.ts'))

  it.each(files)('%s prints what it says', { timeout: limit + 30_000 }, async (name) => {
    const source = await readFile(join(root, 'examples', name), 'utf8')
    const said = /^ \* Prints:\n((?: \* {3}.*\n)+)/m.exec(source)?.[1]
    expect(said, 'the comment on top says what is printed').toBeDefined()
    const lines = said!.split('\n').map((line) => line.replace(/^ \* {3}/, ''))
    expect((await runTs(`examples/${name}`)).trim()).toBe(lines.join('\n').trim())
  })
})

describe('README', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(root, 'examples/.tour-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('has a tour that runs as written', { timeout: limit + 30_000 }, async () => {
    const readme = await readFile(join(root, 'README.md'), 'utf8')
    const blocks = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map((match) => match[1]!)
    expect(blocks.length).toBeGreaterThan(4)
    const file = join(folder, 'tour.ts')
    await writeFile(file, blocks.join('\n'))
    const printed = await runTs(file)
    expect(printed).toContain('forwards after 2 s')
    expect(printed).toContain('0.0.0.0/0 172.17.0.1')
    expect(printed).toContain('EEXIST')
    expect(printed).toContain('new veth1 1400')
    expect(printed).toContain('hello from inside')
    expect(printed).toContain('eth0 10.88.0.2/16 10.88.0.1')
    expect(printed).toMatch(/^10\.88\.0\.2 +www\.web/m)
  })
})

describe('demo', () => {
  needsProgram('ip')

  it('builds, proves and removes', { timeout: limit + 30_000 }, async () => {
    const printed = await runTs('demo/main.ts')
    expect(printed).toContain('con1 → http://172.17.0.3')
    expect(printed).toContain('"hello from con2"')
    expect(printed).toContain('Everything is removed again.')
    expect(await readdir('/run/netns')).toEqual([])
  })
})
