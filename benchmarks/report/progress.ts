import type { CaseResults } from '../results.js'
import { formatFigure } from './format.js'
import { mainFigure, ranking } from './summary.js'

/** What came out of a case, in a line for the terminal, and one for each that failed. */
export function caseLine(results: CaseResults): string {
  const { unit } = mainFigure(results)
  const best = ranking(results).map(({ id, main }) => `${id} ${formatFigure(main.p50, unit)}`)
  const failed = Object.entries(results.failures).map(([id, reason]) => `    ${id}: ${reason}`)
  return [`  ${results.title}: ${best.join(', ')}`, ...failed].join('\n')
}
