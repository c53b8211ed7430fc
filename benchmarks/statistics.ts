/** The spread of some samples, by nearest rank: every figure is one that was measured. */
export interface Quantiles {
  readonly n: number
  readonly min: number
  readonly p25: number
  readonly p50: number
  readonly p75: number
  readonly p90: number
  readonly p99: number
  readonly max: number
}

export function quantiles(samples: readonly number[]): Quantiles {
  const sorted = [...samples].sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN
  return {
    n: sorted.length,
    min: at(0),
    p25: at(0.25),
    p50: at(0.5),
    p75: at(0.75),
    p90: at(0.9),
    p99: at(0.99),
    max: at(1)
  }
}

export const median = (samples: readonly number[]): number => quantiles(samples).p50
