/** The measured part of an operation: the clock and the processor time since the start. */
export class Measurement {
  #clock = process.hrtime.bigint()
  #cpu = process.cpuUsage()
  #seconds = {}

  /** Ends a part: the time since the start, or since the part before. */
  part(name) {
    const now = process.hrtime.bigint()
    this.#seconds[name] = Number(now - this.#clock) / 1e9
    this.#clock = now
  }

  /** Ends the measured part; `samples` are microseconds of single calls. */
  end(count, samples) {
    const { user, system } = process.cpuUsage(this.#cpu)
    const times = samples === undefined ? { seconds: this.#seconds } : { samples }
    return { ...times, count, cpu: (user + system) / 1e6, rss: process.resourceUsage().maxRSS }
  }
}

/** Calls one after another, each awaited. @returns Microseconds of each. */
export async function timeEach(items, call) {
  const times = []
  for (const item of items) {
    const start = performance.now()
    await call(item)
    times.push((performance.now() - start) * 1000)
  }
  return times
}
