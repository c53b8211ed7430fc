/** How long the event loop was away from its timers. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'

/** Milliseconds between two looks: the finest that there is. */
const resolution = 1

export interface LoopDelay {
  /** Milliseconds: the longest delay, and the one that 99 of 100 looks did not exceed. */
  readonly max: number
  readonly p99: number
}

/**
 * A timer that is due each millisecond, and how late it came: what is recorded is the time between two of its
 * calls, from which the millisecond itself is taken away. An idle loop shows up to about one more, since timers
 * are kept in whole milliseconds.
 */
export class LoopMeter {
  readonly #histogram = monitorEventLoopDelay({ resolution })

  static async start(): Promise<LoopMeter> {
    const meter = new LoopMeter()
    meter.#histogram.enable()
    // The first call of the timer only begins the counting.
    await sleep(5 * resolution)
    return meter
  }

  async stop(): Promise<LoopDelay> {
    // What delays the loop just now is recorded when the timer is called again.
    await sleep(2 * resolution)
    this.#histogram.disable()
    const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - resolution)
    return { max: late(this.#histogram.max), p99: late(this.#histogram.percentile(99)) }
  }
}
