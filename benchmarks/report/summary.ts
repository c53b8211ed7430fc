/** The runs of a case, summed up. */
import { figureOf } from '../measurement.js'
import type { Measurement } from '../measurement.js'
import type { CaseResults } from '../results.js'
import type { Figure } from '../scenario.js'
import { quantiles } from '../statistics.js'
import type { Quantiles } from '../statistics.js'

/** A figure over the runs of one contender; undefined if it has none. */
export function summarize(runs: readonly Measurement[] | undefined, figure: Pick<Figure, 'path' | 'per'>) {
  const values = (runs ?? [])
    .map((run) => figureOf(run, figure.path))
    .filter((value) => value !== undefined)
    .map((value) => value / (figure.per ?? 1))
  return values.length === 0 ? undefined : quantiles(values)
}

/** What contenders are compared by. */
export const mainFigure = ({ figures }: CaseResults): Figure => figures[0]!

export interface Ranked {
  readonly id: string
  readonly main: Quantiles
}

/** The contenders of a case, best first. */
export function ranking(results: CaseResults): Ranked[] {
  const figure = mainFigure(results)
  return Object.entries(results.runs)
    .map(([id, runs]) => ({ id, main: summarize(runs, figure) }))
    .filter((entry): entry is Ranked => entry.main !== undefined)
    .sort((a, b) => a.main.p50 - b.main.p50)
}
