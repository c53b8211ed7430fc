/** What many sandboxes cost: how long each phase and each operation takes, how late the event loop is, how much memory there is. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { quantiles } from '../../../../benchmarks/statistics.js'

const columns = ['phase', 'all', 'p50', 'p99', 'longest', 'loop p99', 'loop max', 'resident'] as const

export class Report {
  readonly #count: number
  readonly #together: number
  readonly #rows: string[][] = []

  /** Of operations for `count` sandboxes, `together` of them at a time. */
  constructor(count: number, together: number) {
    this.#count = count
    this.#together = together
  }

  /** Does something for each sandbox. Rejects with the first failure, after all were tried. */
  async each(phase: string, operation: (index: number) => Promise<unknown>): Promise<void> {
    const durations: number[] = []
    // All workers take from the same iterator.
    const indices = Array.from({ length: this.#count }, (_, index) => index).values()
    let failure: { readonly error: unknown } | undefined
    const work = async (): Promise<void> => {
      for (const index of indices) {
        const began = performance.now()
        await operation(index).catch((error: unknown) => (failure ??= { error }))
        durations.push(performance.now() - began)
      }
    }
    await this.#measure(phase, durations, () => Promise.all(Array.from({ length: this.#together }, work)))
    if (failure !== undefined) throw failure.error
  }

  /** Does something once for all. */
  async once(phase: string, operation: () => Promise<unknown>): Promise<void> {
    await this.#measure(phase, [], operation)
  }

  print(title: string): void {
    const rows = [[...columns], ...this.#rows]
    const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
    const lines = rows.map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join('  ')
    )
    console.log([title, ...lines].join('\n'))
  }

  async #measure(phase: string, durations: number[], work: () => Promise<unknown>): Promise<void> {
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    const began = performance.now()
    try {
      await work()
    } finally {
      const took = performance.now() - began
      delay.disable()
      const { p50, p99, max } = quantiles(durations)
      const [delay99, delayMax] = [delay.percentile(99), delay.max].map((nanoseconds) => nanoseconds / 1e6)
      const figures = [took, p50, p99, max, delay99!, delayMax!].map(milliseconds)
      this.#rows.push([phase, ...figures, `${(process.memoryUsage.rss() / 2 ** 20).toFixed(0)} MiB`])
    }
  }
}

const milliseconds = (value: number): string => (Number.isNaN(value) ? '' : `${value.toFixed(1)} ms`)
