/** Axes: where a value lies, and which values have a tick. */

export interface Scale {
  (value: number): number
  readonly ticks: readonly number[]
}

/** Powers of ten are equally far apart. The ends are moved outwards to one of 1, 2, 5 times a power. */
export function logarithmic(values: readonly number[], from: number, to: number): Scale {
  const low = down(Math.min(...values))
  const high = up(Math.max(...values))
  const span = Math.log10(high / low) || 1
  const place = (value: number): number => from + (Math.log10(value / low) / span) * (to - from)
  const powers = range(Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)).map(
    (exponent) => 10 ** exponent
  )
  // Where there are few powers of ten, a tick at 2 and 5 times each as well.
  const between = powers.length > 2 ? [] : [low, high, ...powers.flatMap((power) => [2 * power, 5 * power])]
  const ticks = [...new Set([...powers, ...between])].filter(
    (tick) => tick >= low * 0.999 && tick <= high * 1.001
  )
  return Object.assign(place, { ticks })
}

/** From nought. */
export function linear(values: readonly number[], from: number, to: number): Scale {
  const high = Math.max(...values, Number.MIN_VALUE)
  const step = up(high / 5)
  const top = Math.ceil(high / step - 1e-9) * step
  const place = (value: number): number => from + (value / top) * (to - from)
  return Object.assign(place, { ticks: range(0, Math.round(top / step)).map((i) => i * step) })
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)

function up(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value * 0.999)!
}

function down(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return [5, 2, 1].map((step) => step * power).find((step) => step <= value * 1.001)!
}
