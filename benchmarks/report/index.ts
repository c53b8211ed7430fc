/** The readable form of results: a page and its plots. */
import { writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Results } from '../results.js'
import { markdown } from './markdown.js'
import { plotsOf } from './plots.js'

/** Writes `FILE.md` and `FILE-….svg`. */
export async function writeReport(file: string, results: Results): Promise<void> {
  const plots = plotsOf(results, basename(file))
  for (const plot of plots) await writeFile(join(dirname(file), plot.file), plot.svg)
  await writeFile(`${file}.md`, markdown(results, plots))
}
