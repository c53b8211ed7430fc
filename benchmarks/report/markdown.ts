/** Results as a page of tables. */
import type { CaseResults, Results } from '../results.js'
import type { Figure } from '../scenario.js'
import { formatFigure, formatTime, ratio } from './format.js'
import { goals } from './goals.js'
import type { Plot } from './plots.js'
import { mainFigure, ranking, summarize } from './summary.js'

export function markdown(results: Results, plots: readonly Plot[]): string {
  return [
    `# Benchmarks of ${results.date.slice(0, 10)}`,
    'How to read this: [docs/performance.md](../../docs/performance.md). ' +
      `Each figure is the median of ${results.runs} runs after a warm-up, or of fewer where one takes long; ` +
      'in parentheses the least and the most.' +
      (results.quick ? ' **Small sizes, to see that everything works: the figures mean nothing.**' : ''),
    '## Machine',
    machineTable(results),
    '## Contenders',
    contenderTable(results),
    ...goalSection(results),
    ...results.scenarios.flatMap((scenario) => [
      `## ${scenario.title}`,
      scenario.description,
      ...plots
        .filter((plot) => plot.scenario === scenario.id)
        .map(({ title, file }) => `![${title}](${file})`),
      ...scenario.cases.flatMap((one) => caseSection(one, results))
    ]),
    ''
  ].join('\n\n')
}

function machineTable({ machine, date, commit }: Results): string {
  const { default: preset, max } = machine.receiveBuffer
  const tools = Object.entries(machine.tools).map(([name, version]) => [name, version] as const)
  return table(
    ['', ''],
    [
      ['CPU', `${machine.cores} × ${machine.cpu}`],
      ['memory', `${machine.memoryGiB} GiB`],
      ['Linux', machine.kernel],
      ['Node.js', machine.node],
      ...tools,
      ['run as', machine.as],
      ['receive buffer', `${preset} B by default, ${max} B at most`],
      ['load when it began', machine.load.toFixed(2)],
      ['netloom', commit ?? 'unknown commit'],
      ['begun', date]
    ]
  )
}

function contenderTable({ contenders }: Results): string {
  const rows = contenders.map(({ id, name, language, version, missing }) => [
    name,
    id,
    language,
    missing === undefined ? (version ?? '') : `missing: ${missing}`
  ])
  return table(['name', 'folder', 'language', 'version'], rows)
}

function goalSection(results: Results): string[] {
  const reached = goals(results)
  if (results.quick || reached.length === 0) return []
  const rows = reached.map(({ what, wanted, got, good }) => [what, wanted, got, good ? 'yes' : '**no**'])
  return ['## Goals', table(['what', 'wanted', 'measured', 'reached'], rows)]
}

function caseSection(one: CaseResults, { contenders }: Results): string[] {
  const names = new Map(contenders.map(({ id, name }) => [id, name]))
  const order = ranking(one)
  const unranked = Object.keys(one.runs).filter((id) => order.every((entry) => entry.id !== id))
  const main = mainFigure(one)
  const base = (id: string): number | undefined => summarize(one.runs[id], main)?.p50
  const measured = Object.values(one.runs).flat()
  const hasLoop = measured.some(({ loop }) => loop !== undefined)
  const hasGrowth = measured.some(({ growth }) => growth !== undefined)
  const rows = [...order.map(({ id }) => id), ...unranked].map((id) => {
    const p50 = base(id)
    const runs = one.runs[id]
    const figure = (path: string, unit: Figure['unit']): string =>
      formatFigure(summarize(runs, { path })?.p50, unit)
    const worst = (path: string): string => formatFigure(summarize(runs, { path })?.max, 'ms')
    return [
      names.get(id) ?? id,
      ...one.figures.map((shown, i) => spread(runs, shown, i === 0)),
      ratio(p50, base('floor')),
      ratio(p50, base('netloom')),
      formatTime(summarize(runs, { path: 'cpu' })!.p50),
      figure('rss', 'KiB'),
      ...(hasGrowth ? [figure('growth', 'KiB')] : []),
      ...(hasLoop ? [worst('loop.max'), figure('loop.p99', 'ms')] : [])
    ]
  })
  const head = [
    '',
    ...one.figures.map(({ title }) => title),
    '× floor',
    '× netloom',
    'CPU',
    'peak memory',
    ...(hasGrowth ? ['growth'] : []),
    ...(hasLoop ? ['loop, longest', 'loop, p99'] : [])
  ]
  const failures = Object.entries(one.failures).map(
    ([id, reason]) => `- ${names.get(id) ?? id}: ${reason.split('\n')[0]}`
  )
  return [
    `### ${one.title[0]!.toUpperCase()}${one.title.slice(1)}`,
    ...(rows.length > 0 ? [table(head, rows, true)] : []),
    ...(failures.length > 0 ? [failures.join('\n')] : [])
  ]
}

function spread(runs: Parameters<typeof summarize>[0], figure: Figure, whole: boolean): string {
  const all = summarize(runs, figure)
  if (all === undefined) return ''
  const middle = formatFigure(all.p50, figure.unit)
  if (!whole || all.n === 1) return middle
  return `${middle} (${formatFigure(all.min, figure.unit)} – ${formatFigure(all.max, figure.unit)})`
}

/** The first column holds words, and of a table of `figures` no other does. */
function table(head: readonly string[], rows: readonly (readonly string[])[], figures = false): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  const rule = `| ${head.map((_, i) => (figures && i > 0 ? '---:' : '---')).join(' | ')} |`
  return [line(head), rule, ...rows.map(line)].join('\n')
}
