/** The benchmarks run as they stand, with small sizes: that they measure what they say, not how fast it is. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { release, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { figureOf } from '../../benchmarks/measurement.js'
import { readResults } from '../../benchmarks/results.js'
import type { Results } from '../../benchmarks/results.js'
import { needsProgram } from '../setup/requirements.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Milliseconds for building, and for a whole run. */
const limit = 'VM_RUN_GUEST' in process.env ? 1_200_000 : 240_000

/** Runs the benchmarks; what they print. Rejects with that if they fail. */
async function bench(words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const command = ['--import', 'tsx', join(root, 'benchmarks/run.ts'), ...words]
  const options = { cwd: root, timeout: limit, env: { ...process.env, ...env } }
  const { stdout } = await promisify(execFile)(process.execPath, command, options)
  return stdout
}

/** Nobody warms up what isn't timed. */
const cold = { NETLOOM_BENCH_COLD: '1' }

describe('benchmarks', () => {
  needsProgram('c++')
  needsProgram('unshare')
  let out: string
  beforeAll(async () => {
    out = await mkdtemp(join(tmpdir(), 'netloom-bench-'))
  })
  afterAll(() => rm(out, { recursive: true, force: true }))

  it('measure the floor and netloom in every scenario', { timeout: 2 * limit }, async () => {
    const both = '--contender=floor,netloom'
    expect(await bench(['--setup', both])).toBe('ready   floor\nready   netloom\n')
    await bench(['--quick', both, `--out=${out}`], cold)

    const files = await readdir(out)
    const results = await readResults(
      join(
        out,
        files.find((name) => name.endsWith('.json'))!
      )
    )
    expect(results).toMatchObject({ format: 1, runs: 1, quick: true, machine: { kernel: release() } })
    const contenders = results.contenders.map(({ id, version, missing }) => [id, typeof version, missing])
    expect(contenders).toEqual([
      ['floor', 'string', undefined],
      ['netloom', 'string', undefined]
    ])
    checkCases(results)

    const page = await readFile(
      join(
        out,
        files.find((name) => name.endsWith('.md'))!
      ),
      'utf8'
    )
    const plots = files.filter((name) => name.endsWith('.svg'))
    expect(plots.length).toBeGreaterThan(8)
    expect([...page.matchAll(/!\[.*?\]\((.*?)\)/g)].map((match) => match[1]).sort()).toEqual(plots.sort())
    for (const plot of plots) {
      const svg = await readFile(join(out, plot), 'utf8')
      expect(svg).toMatch(/^<svg [^]*<\/svg>\n$/)
      expect(svg).not.toMatch(/NaN|Infinity|undefined/)
    }
    expect(page).not.toMatch(/NaN|Infinity|undefined/)
  })

  it('warm netloom up, and know its other ways', { timeout: limit }, async () => {
    const contenders = '--contender=netloom,netloom-cold,netloom-packed'
    const printed = await bench(['--quick', contenders, '--scenario=routes,veth', `--out=${out}`])
    expect(printed).toMatch(/add 200 IPv4 routes: (?=.*netloom )(?=.*netloom-cold )(?=.*netloom-packed )/)
    expect(printed).not.toMatch(/^ {4}/m)
  })

  it('say which scenarios and contenders there are', { timeout: limit }, async () => {
    await expect(bench(['--scenario=route'])).rejects.toThrow('there is no scenario route; there are codec, ')
    await expect(bench(['--contender=flor'])).rejects.toThrow('there is no contender flor; there are floor, ')
    await expect(bench(['--run=1'])).rejects.toThrow("Unknown option '--run'")
  })
})

/** Each case was measured by whoever can do it, and tells something. */
function checkCases({ scenarios }: Results): void {
  const ids = scenarios.map(({ id }) => id)
  expect(ids).toEqual([
    'codec',
    'single',
    'container',
    'container-networks',
    'container-dns',
    'stall',
    'idle',
    'monitor',
    'routes',
    'veth',
    'nftables'
  ])
  /** What there is no floor for. */
  const alone = ['codec', 'idle-lists', 'loop-probe']
  for (const one of scenarios.flatMap(({ cases }) => cases)) {
    expect(one.failures, one.title).toEqual({})
    const noFloor = alone.includes(one.operation) || /^(nft|network|dns)-/.test(one.operation)
    const expected = noFloor ? ['netloom'] : ['floor', 'netloom']
    expect(Object.keys(one.runs).sort(), one.title).toEqual(expected)
    for (const [measurement] of Object.values(one.runs)) {
      expect(figureOf(measurement!, one.figures[0]!.path), one.title).toBeGreaterThanOrEqual(0)
      // A follower that is overrun at once was delivered nothing, and who only watches does nothing.
      const least = ['monitor', 'loop-probe'].includes(one.operation) ? 0 : 1
      expect(measurement!.count, one.title).toBeGreaterThanOrEqual(least)
      expect(measurement!.rss, one.title).toBeGreaterThan(1000)
      expect(measurement!.cpu, one.title).toBeGreaterThan(0)
    }
  }
}
