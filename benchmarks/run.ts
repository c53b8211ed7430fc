/**
 * The benchmarks: see README.md beside. Whatever is measured, is measured in namespaces made for it; only the
 * set-up runs outside, since it needs the network.
 */
import { spawnSync } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { NetworkStack } from 'netloom'
import { killAll } from './contender-process.js'
import { findContenders } from './contenders.js'
import { describeCommit, describeMachine } from './machine.js'
import { Measurer } from './measure.js'
import { parseOptions, usage } from './options.js'
import type { Options } from './options.js'
import { lookUp } from './presence.js'
import { caseLine } from './report/progress.js'
import { writeReport } from './report/index.js'
import { readResults, writeResults } from './results.js'
import type { CaseResults, Results, ScenarioResults } from './results.js'
import { findScenarios } from './scenarios/index.js'
import { setUp } from './setup.js'

process.exitCode = await main()

async function main(): Promise<number> {
  let options: Options
  try {
    options = parseOptions(process.argv.slice(2))
    if (options.setup) return (await setUp(await findContenders(options.contenders))) ? 0 : 1
    if (options.report !== undefined) {
      await writeReport(options.report.replace(/\.json$/, ''), await readResults(options.report))
      return 0
    }
    findScenarios(options.scenarios)
    await findContenders(options.contenders)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    console.error(`${error.message}\n\n${usage}`)
    return 2
  }
  if (process.env['NETLOOM_ISOLATION'] === undefined) return isolated()
  await measure(options)
  return 0
}

/** This program anew, where it can harm nothing. */
function isolated(): number {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const words = [
    join(root, 'scripts/isolated.js'),
    process.execPath,
    ...process.execArgv,
    ...process.argv.slice(1)
  ]
  return spawnSync(process.execPath, words, { stdio: 'inherit' }).status ?? 1
}

async function measure(options: Options): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      killAll()
      process.exit(130)
    })
  }
  const date = new Date().toISOString()
  const machine = await describeMachine()
  const commit = await describeCommit()
  const presences = await Promise.all((await findContenders(options.contenders)).map(lookUp))
  for (const { contender, version, missing } of presences) {
    console.log(`${missing === undefined ? 'present' : 'missing'} ${contender.name} ${version ?? missing}`)
  }
  const contenders = presences
    .filter(({ missing }) => missing === undefined)
    .map(({ contender }) => contender)
  const [floor] = (await findContenders(['floor'])).filter(({ id }) => id === 'floor')
  await using home = await NetworkStack.open()
  const measurer = new Measurer({
    home,
    contenders,
    floor: floor !== undefined && (await lookUp(floor)).missing === undefined ? floor : undefined,
    runs: options.runs,
    warmUp: !options.quick
  })
  await mkdir(options.out, { recursive: true })
  const file = join(options.out, `${date.slice(0, 10)}-${machine.kernel}`)
  const before = options.add ? await readResults(`${file}.json`) : undefined
  const scenarios: ScenarioResults[] = [...(before?.scenarios ?? [])]
  const asked = presences.map(({ contender: { id, name, language }, version, missing }) => ({
    id,
    name,
    language,
    ...(version === undefined ? {} : { version }),
    ...(missing === undefined ? {} : { missing })
  }))
  const others = before?.contenders.filter(({ id }) => !asked.some((one) => one.id === id)) ?? []
  const results: Results = {
    format: 1,
    date,
    ...(commit === undefined ? {} : { commit }),
    machine,
    runs: options.runs,
    quick: options.quick,
    contenders: [...asked, ...others],
    scenarios
  }
  for (const { id, title, description, cases } of findScenarios(options.scenarios)) {
    console.log(`\n${title}`)
    for (const one of cases(options.quick ? 'quick' : 'full')) {
      if (options.cases?.some((text) => one.title.includes(text)) === false) continue
      const outcome = await measurer.measure(one)
      addCase(scenarios, { id, title, description }, outcome)
      console.log(caseLine(outcome))
      // All of it takes hours: what is there so far outlives an interruption.
      await writeResults(`${file}.json`, results)
    }
  }
  await measurer.close()
  await writeReport(file, results)
  console.log(`\nwritten: ${file}.json, .md and plots`)
}

/** Puts a case into its scenario, in the place of one that was measured before. */
function addCase(
  scenarios: ScenarioResults[],
  scenario: Omit<ScenarioResults, 'cases'>,
  outcome: CaseResults
): void {
  const at = scenarios.findIndex(({ id }) => id === scenario.id)
  const before = scenarios[at]?.cases ?? []
  const same = before.findIndex(({ title }) => title === outcome.title)
  const cases = same === -1 ? [...before, outcome] : before.with(same, outcome)
  const whole = { ...scenario, cases }
  if (at === -1) scenarios.push(whole)
  else scenarios[at] = whole
}
