/** What is measured, in the form of benchmarks/README.md. */
import { LoopMeter } from './loop-delay.js'
import { MemoryMeter } from './memory.js'

/** Seconds of the monotonic clock, which other processes have too. */
export const now = (): number => Number(process.hrtime.bigint()) / 1e9

export class Report {
  readonly #seconds: Record<string, number> = {}
  readonly #samples: Record<string, number[]> = {}
  readonly #extras: Record<string, number> = {}
  readonly #loop: LoopMeter | undefined
  readonly #memory = new MemoryMeter()
  readonly #cpu = process.cpuUsage()
  #begun = now()

  private constructor(loop: LoopMeter | undefined) {
    this.#loop = loop
  }

  /** Begins the measured part. */
  static async start(): Promise<Report> {
    return new Report(await LoopMeter.start())
  }

  /** As `start`, where single calls are timed: there the meter's timer would be in the way. */
  static startUnmetered(): Report {
    return new Report(undefined)
  }

  /** Ends a part, which began with the one before or with `start`. */
  part(name: string): void {
    const end = now()
    this.#seconds[name] = end - this.#begun
    this.#begun = end
  }

  seconds(name: string, seconds: number): void {
    this.#seconds[name] = seconds
  }

  /** Times one call. */
  async sample<T>(name: string, call: () => Promise<T>): Promise<T> {
    const samples = (this.#samples[name] ??= [])
    const begun = process.hrtime.bigint()
    const result = await call()
    samples.push(Number(process.hrtime.bigint() - begun) / 1e3)
    return result
  }

  /** Microseconds of calls that were timed elsewhere. */
  samples(name: string, samples: number[]): void {
    this.#samples[name] = samples
  }

  /** A further number, by a key of its own. */
  extra(name: string, value: number): void {
    this.#extras[name] = value
  }

  /** Ends the measured part. */
  async print(count: number): Promise<void> {
    const memory = this.#memory.read()
    const { user, system } = process.cpuUsage(this.#cpu)
    const loop = await this.#loop?.stop()
    console.log(
      JSON.stringify({
        seconds: this.#seconds,
        samples: this.#samples,
        count,
        cpu: (user + system) / 1e6,
        ...memory,
        ...(loop === undefined ? {} : { loop }),
        ...this.#extras
      })
    )
  }
}
