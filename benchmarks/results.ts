/** What a run found out, as it lies in the JSON file. */
import { readFile, writeFile } from 'node:fs/promises'
import type { Machine } from './machine.js'
import type { Measurement } from './measurement.js'
import type { Figure } from './scenario.js'

export interface Results {
  readonly format: 1
  /** When it began (ISO 8601, UTC). */
  readonly date: string
  /** The commit of netloom that was measured, as `git describe` names it. */
  readonly commit?: string
  readonly machine: Machine
  /** Measured runs of each, after one that warms up. */
  readonly runs: number
  readonly quick: boolean
  readonly contenders: readonly ContenderResult[]
  readonly scenarios: readonly ScenarioResults[]
}

export interface ContenderResult {
  readonly id: string
  readonly name: string
  readonly language: string
  readonly version?: string
  /** Why it was not measured. */
  readonly missing?: string
}

export interface ScenarioResults {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly cases: readonly CaseResults[]
}

export interface CaseResults {
  readonly title: string
  readonly operation: string
  readonly series: string
  readonly size: number
  readonly figures: readonly Figure[]
  /** Every measured run, by contender. */
  readonly runs: Readonly<Record<string, readonly Measurement[]>>
  /** Why a contender has none, or fewer. */
  readonly failures: Readonly<Record<string, string>>
}

export async function readResults(file: string): Promise<Results> {
  const results = JSON.parse(await readFile(file, 'utf8')) as Results
  if (results.format !== 1) throw new TypeError(`${file} is in a form that this version doesn't know`)
  return results
}

export async function writeResults(file: string, results: Results): Promise<void> {
  await writeFile(file, `${JSON.stringify(results, compact, 1)}\n`)
}

/** Numbers with as many digits as mean something. */
function compact(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(7)) : value
}
