/** Which plots are made of results. */
import type { CaseResults, Results, ScenarioResults } from '../results.js'
import type { Figure } from '../scenario.js'
import { barChart } from './bar-chart.js'
import type { Panel } from './bar-chart.js'
import { colours } from './colours.js'
import type { Colours } from './colours.js'
import { formatFigure, formatTime, ratio } from './format.js'
import { linePlot } from './line-plot.js'
import { mainFigure, ranking, summarize } from './summary.js'

export interface Plot {
  readonly scenario: string
  readonly title: string
  /** Beside the page. */
  readonly file: string
  readonly svg: string
}

interface LineSpec {
  readonly scenario: string
  readonly series: string
  readonly title: string
  readonly x: string
  readonly y: Axis
}

/** Which of a case's figures is drawn, and how. */
interface Axis {
  readonly caption: string
  readonly figure: number
  /** The figure is the time of one; its inverse is how many a second. */
  readonly inverse?: boolean
  readonly format: (value: number) => string
}

const time: Axis = {
  caption: 'time, less is better',
  figure: 0,
  // A tick is a round number: without the noughts behind the point.
  format: (value) => formatTime(value).replace(/\.0+ /, ' ')
}
const rate = (figure: number): Axis => ({
  caption: 'a second, more is better',
  figure,
  format: (value) => `${Math.round(value).toLocaleString('en-US')}/s`
})

const lines: readonly LineSpec[] = [
  ...(['add', 'list', 'stream', 'delete'] as const).map((part) => ({
    scenario: 'routes',
    series: `${part} IPv4 routes`,
    title: `Routes: ${part}, IPv4`,
    x: 'routes',
    y: time
  })),
  {
    scenario: 'routes',
    series: 'add IPv4 routes by batch size',
    title: 'Routes: add, by how many are given to one call',
    x: 'routes in one call',
    y: { ...rate(1), inverse: true }
  },
  {
    scenario: 'veth',
    series: 'make veth pairs, without IPv6',
    title: 'veth pairs: make, without IPv6',
    x: 'pairs',
    y: time
  },
  {
    scenario: 'veth',
    series: 'delete veth pairs that are up, without IPv6',
    title: 'veth pairs: delete, up, without IPv6',
    x: 'pairs',
    y: time
  },
  {
    scenario: 'monitor',
    series: 'events by pace',
    title: 'Monitor: events that are delivered',
    x: 'events a second that the kernel makes',
    y: rate(1)
  },
  {
    scenario: 'monitor',
    series: 'resync by size of the table',
    title: 'Monitor: how long after a flood the last change is known',
    x: 'routes that stay',
    y: time
  }
]

/** Scenarios whose cases are compared by bars: each case, or of a series its largest that several did. */
const bars = ['routes', 'veth', 'single', 'container', 'container-networks', 'stall']

export function plotsOf(results: Results, name: string): Plot[] {
  const ids = results.contenders.map(({ id }) => id)
  const context = {
    names: new Map(results.contenders.map((one) => [one.id, one.name])),
    colour: colours(ids)
  }
  return results.scenarios.flatMap((scenario) => {
    const drawn = [
      ...(bars.includes(scenario.id) ? [barPlot(scenario, context)] : []),
      ...lines.filter((spec) => spec.scenario === scenario.id).map((spec) => lineOf(spec, scenario, context)),
      loopPlot(scenario, context)
    ]
    return drawn
      .filter((plot) => plot !== undefined)
      .map(({ title, slug, svg }) => ({
        scenario: scenario.id,
        title,
        file: `${name}-${scenario.id}-${slug}.svg`,
        svg
      }))
  })
}

interface Context {
  readonly names: ReadonlyMap<string, string>
  readonly colour: Colours
}

type Drawn = Pick<Plot, 'title' | 'svg'> & { readonly slug: string }

function lineOf(spec: LineSpec, scenario: ScenarioResults, { names, colour }: Context): Drawn | undefined {
  const cases = scenario.cases.filter(({ series }) => series === spec.series).sort((a, b) => a.size - b.size)
  if (cases.length < 2) return undefined
  const drawn = [...names].map(([id, name]) => ({
    id,
    name,
    points: cases.flatMap((one) => {
      const value = summarize(one.runs[id], one.figures[spec.y.figure]!)?.p50
      if (value === undefined || value <= 0) return []
      return [{ x: one.size, y: spec.y.inverse === true ? 1 / value : value }]
    })
  }))
  const shown = drawn.filter(({ points }) => points.length > 0)
  if (shown.length === 0) return undefined
  const { title, x, y } = spec
  const plot = { title, x, y: y.caption, formatY: y.format, lines: shown }
  return { title, slug: slug(spec.series), svg: linePlot(plot, colour) }
}

function barPlot(scenario: ScenarioResults, { names, colour }: Context): Drawn | undefined {
  const panels: Panel[] = []
  for (const one of largest(scenario)) {
    const figure = mainFigure(one)
    const own = summarize(one.runs['netloom'], figure)?.p50
    const shown = ranking(one).map(({ id, main }) => ({
      id,
      name: names.get(id) ?? id,
      value: main.p50,
      min: main.min,
      max: main.max,
      label: [formatFigure(main.p50, figure.unit), id === 'netloom' ? '' : ratio(main.p50, own)]
        .filter((part) => part !== '')
        .join('  ·  ')
    }))
    if (shown.length > 0) panels.push({ title: `${one.title}: ${figure.title}`, bars: shown })
  }
  if (panels.length === 0) return undefined
  const title = `${scenario.title}: less is better; × netloom`
  return { title, slug: 'bars', svg: barChart(title, panels, colour) }
}

/** Of each series the largest case that most of its contenders did. */
function largest({ cases }: ScenarioResults): CaseResults[] {
  const series = new Map<string, CaseResults>()
  for (const one of cases) {
    const best = series.get(one.series)
    const done = Object.keys(one.runs).length
    const before = best === undefined ? 0 : Object.keys(best.runs).length
    const isLarger = best === undefined || one.size >= best.size
    if (!isByBatchSize(one.series) && isLarger && done >= before) series.set(one.series, one)
  }
  return [...series.values()]
}

const loopMax: Figure = { title: '', path: 'loop.max', unit: 'ms' }
const loopP99: Figure = { title: '', path: 'loop.p99', unit: 'ms' }

/** The event loop's delay of netloom, the longest of all runs and the 99th percentile, by case. */
function loopPlot(scenario: ScenarioResults, { colour }: Context): Drawn | undefined {
  const found = largest(scenario).flatMap((one) => {
    const max = summarize(one.runs['netloom'], loopMax)
    const p99 = summarize(one.runs['netloom'], loopP99)
    return max === undefined || p99 === undefined ? [] : [{ one, max, p99 }]
  })
  if (found.length === 0) return undefined
  const shown = found.map(({ one, max, p99 }) => ({
    id: 'netloom',
    name: one.title,
    value: max.max,
    min: p99.p50,
    max: p99.p50,
    label: `${formatFigure(max.max, 'ms')}, p99 ${formatFigure(p99.p50, 'ms')}`
  }))
  const title = `${scenario.title}: delay of netloom's event loop`
  return {
    title,
    slug: 'loop',
    svg: barChart(title, [{ title: 'longest of all runs', bars: shown }], colour)
  }
}

/** Their cases differ in how, not in what. */
const isByBatchSize = (series: string): boolean => series.endsWith('by batch size')

const slug = (title: string): string => title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
