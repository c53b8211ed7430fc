/** What one run of a contender told, checked and with its samples summed up. */
import { quantiles } from './statistics.js'
import type { Quantiles } from './statistics.js'

export interface Measurement {
  /** Wall time of each part. */
  readonly seconds: Readonly<Record<string, number>>
  /** Microseconds of single calls. */
  readonly samples: Readonly<Record<string, Quantiles>>
  /** How many objects there were. */
  readonly count: number
  /** Seconds of CPU time, user and system. */
  readonly cpu: number
  /** KiB of peak resident memory. */
  readonly rss: number
  /** KiB by which resident memory rose in the measured part. */
  readonly growth?: number
  /** Milliseconds of the event loop's delay. */
  readonly loop?: { readonly max: number; readonly p99: number }
  /** What else it told. */
  readonly extra: Readonly<Record<string, number>>
}

const known = ['seconds', 'samples', 'count', 'cpu', 'rss', 'growth', 'loop']

/** Reads the line that a contender ends with. Throws a `TypeError` if it isn't one. */
export function parseMeasurement(line: string): Measurement {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new TypeError(`not a line of JSON: ${JSON.stringify(line.slice(0, 200))}`)
  }
  const report = object(value, 'the report')
  const samples = entries(report['samples'] ?? {}, 'samples')
  const extra = Object.entries(report).filter(([key]) => !known.includes(key))
  return {
    seconds: numbers(report['seconds'] ?? {}, 'seconds'),
    samples: Object.fromEntries(samples.map(([name, list]) => [name, quantiles(numberList(list, name))])),
    count: number(report['count'], 'count'),
    cpu: number(report['cpu'], 'cpu'),
    rss: number(report['rss'], 'rss'),
    ...(report['growth'] === undefined ? {} : { growth: number(report['growth'], 'growth') }),
    ...(report['loop'] === undefined ? {} : { loop: loop(report['loop']) }),
    extra: numbers(Object.fromEntries(extra), 'the report')
  }
}

/** A figure by its path, as `seconds.add`, `samples.get.p50`, `loop.max`; undefined if it wasn't told. */
export function figureOf(measurement: Measurement, path: string): number | undefined {
  let value: unknown = measurement
  for (const key of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[key]
  return typeof value === 'number' ? value : undefined
}

function loop(value: unknown): { max: number; p99: number } {
  const { max, p99 } = object(value, 'loop')
  return { max: number(max, 'loop.max'), p99: number(p99, 'loop.p99') }
}

function object(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError(`${what} is no object`)
  return value as Record<string, unknown>
}

const entries = (value: unknown, what: string): [string, unknown][] => Object.entries(object(value, what))

function number(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new TypeError(`${what} is no number`)
  return value
}

function numbers(value: unknown, what: string): Record<string, number> {
  return Object.fromEntries(entries(value, what).map(([key, item]) => [key, number(item, `${what}.${key}`)]))
}

function numberList(value: unknown, what: string): number[] {
  if (!Array.isArray(value)) throw new TypeError(`samples.${what} is no list`)
  return value.map((item) => number(item, `samples.${what}`))
}
