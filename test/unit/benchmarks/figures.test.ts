/** What the benchmarks make of what contenders print. */
import { describe, expect, it } from 'vitest'
import { figureOf, parseMeasurement } from '../../../benchmarks/measurement.js'
import { digits, formatFigure, formatTime } from '../../../benchmarks/report/format.js'
import { linear, logarithmic } from '../../../benchmarks/report/scale.js'
import { quantiles } from '../../../benchmarks/statistics.js'

describe('quantiles', () => {
  it('are figures that were measured', () => {
    expect(quantiles([5, 1, 3, 2, 4])).toEqual({
      n: 5,
      min: 1,
      p25: 2,
      p50: 3,
      p75: 4,
      p90: 5,
      p99: 5,
      max: 5
    })
    expect(quantiles([7])).toMatchObject({ n: 1, min: 7, p50: 7, max: 7 })
    expect(quantiles(Array.from({ length: 100 }, (_, i) => i + 1))).toMatchObject({ p50: 50, p99: 99 })
  })
})

describe('a measurement', () => {
  const line = JSON.stringify({
    seconds: { add: 0.5 },
    samples: { get: [3, 1, 2] },
    count: 10,
    cpu: 0.25,
    rss: 2048,
    loop: { max: 3, p99: 1 },
    threads: 4
  })

  it('is read, with its samples summed up and what else it tells', () => {
    const measurement = parseMeasurement(line)
    expect(figureOf(measurement, 'seconds.add')).toBe(0.5)
    expect(figureOf(measurement, 'samples.get.p50')).toBe(2)
    expect(figureOf(measurement, 'loop.max')).toBe(3)
    expect(figureOf(measurement, 'extra.threads')).toBe(4)
    expect(figureOf(measurement, 'seconds.delete')).toBeUndefined()
  })

  it.each([
    ['', 'not a line of JSON'],
    ['ready', 'not a line of JSON'],
    ['[]', 'the report is no object'],
    ['{}', 'count is no number'],
    ['{"count":1,"cpu":0,"rss":1,"seconds":{"add":"1"}}', 'seconds.add is no number'],
    ['{"count":1,"cpu":0,"rss":1,"samples":{"get":[null]}}', 'samples.get is no number']
  ])('is refused as %j', (text, why) => {
    expect(() => parseMeasurement(text)).toThrow(why)
  })
})

describe('figures', () => {
  it('have three digits', () => {
    expect([0, 0.41234, 4.1234, 41.234, 412.34, 4123.4].map(digits)).toEqual([
      '0',
      '0.412',
      '4.12',
      '41.2',
      '412',
      '4,123'
    ])
  })

  it('are told in the unit that suits them', () => {
    expect([2, 0.0213, 4.5e-6, 120e-9].map(formatTime)).toEqual(['2.00 s', '21.3 ms', '4.50 µs', '120 ns'])
    expect(formatFigure(1500, 'µs')).toBe('1.50 ms')
    expect(formatFigure(65536, 'KiB')).toBe('64.0 MiB')
    expect(formatFigure(0, 'share')).toBe('none')
    expect(formatFigure(undefined, 's')).toBe('')
  })
})

describe('axes', () => {
  it('have ticks at powers of ten, within what is drawn', () => {
    const scale = logarithmic([3, 40_000], 0, 100)
    expect(scale.ticks).toEqual([10, 100, 1000, 10_000])
    expect(scale(2)).toBe(0)
    expect(scale(50_000)).toBeCloseTo(100)
  })

  it('have more ticks where there are few powers', () => {
    expect(logarithmic([12, 70], 0, 100).ticks.toSorted((a, b) => a - b)).toEqual([10, 20, 50, 100])
  })

  it('begin at nought where they are linear', () => {
    const scale = linear([90], 10, 110)
    expect(scale.ticks).toEqual([0, 20, 40, 60, 80, 100])
    expect([scale(0), scale(100)]).toEqual([10, 110])
  })
})
