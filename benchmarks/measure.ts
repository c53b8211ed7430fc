/** Measures cases: contenders take turns, so that what the machine does beside hits all of them alike. */
import type { NetworkStack } from 'netloom'
import { ContenderError, ContenderProcess } from './contender-process.js'
import type { Contender } from './contenders.js'
import type { Measurement } from './measurement.js'
import type { CaseResults } from './results.js'
import { Room } from './room.js'
import type { Case, Stage, Start } from './scenario.js'

/** Seconds that one measurement may take. */
const patience = 180
/** One that would take longer than so many seconds is not tried. */
const mostExpected = 40
/** One that takes longer than so many seconds is its own measurement: it isn't repeated. */
const longRun = 10

export interface MeasureOptions {
  readonly home: NetworkStack
  readonly contenders: readonly Contender[]
  readonly floor: Contender | undefined
  readonly runs: number
  /** A run before them that doesn't count. */
  readonly warmUp: boolean
}

/** Measures cases one after the other. */
export class Measurer {
  readonly #options: MeasureOptions
  /** The room that cases of one setting share, while they follow each other. */
  #shared: { readonly key: string; readonly room: Room } | undefined
  /** How long contenders took for the last case of a series. */
  readonly #pace = new Map<string, { readonly work: number; readonly seconds: number }>()

  constructor(options: MeasureOptions) {
    this.#options = options
  }

  async measure(one: Case): Promise<CaseResults> {
    const runs: Record<string, Measurement[]> = {}
    const failures: Record<string, string> = {}
    let still = this.#options.contenders.filter(({ operations }) => operations.includes(one.operation))
    for (const contender of still) {
      const reason = this.#tooLong(one, contender) ?? this.#lacksFloor(one)
      if (reason !== undefined) failures[contender.id] = reason
    }
    still = still.filter(({ id }) => !(id in failures))
    const measured = Math.min(this.#options.runs, one.runs ?? Infinity)
    for (let round = this.#options.warmUp ? 0 : 1; round <= measured; round++) {
      for (const contender of still) {
        const begun = performance.now()
        try {
          const measurement = await this.#once(one, contender)
          const seconds = (performance.now() - begun) / 1000
          this.#pace.set(key(one, contender), { work: workOf(one), seconds })
          // The first warms up, unless it took so long that there will be no other.
          const long = seconds > longRun && one.repeated !== true
          if (round > 0 || long) (runs[contender.id] ??= []).push(measurement)
          if (long) still = still.filter((other) => other !== contender)
        } catch (error) {
          if (!(error instanceof ContenderError)) throw error
          failures[contender.id] = error.message
          still = still.filter((other) => other !== contender)
        }
      }
    }
    const { title, operation, series, size, figures } = one
    return { title, operation, series, size, figures, runs, failures }
  }

  async close(): Promise<void> {
    await this.#shared?.room.close()
    this.#shared = undefined
  }

  #lacksFloor({ beside = [] }: Case): string | undefined {
    const { floor } = this.#options
    if (beside.every((operation) => floor?.operations.includes(operation) === true)) return undefined
    return 'the floor, which must work beside it, is missing'
  }

  #tooLong(one: Case, contender: Contender): string | undefined {
    const last = this.#pace.get(key(one, contender))
    const expected = last === undefined ? 0 : (last.seconds * workOf(one)) / last.work
    return expected > mostExpected ? `not tried: it would take some ${Math.round(expected)} s` : undefined
  }

  async #once(one: Case, contender: Contender): Promise<Measurement> {
    const room = await this.#roomFor(one)
    try {
      const measurement = await perform(this.#stage(one, contender, room))
      if (one.count !== undefined && measurement.count !== one.count) {
        throw new ContenderError(`it counted ${measurement.count} where there are ${one.count}`)
      }
      return measurement
    } finally {
      if (this.#shared?.room !== room) await room.close()
    }
  }

  #stage(one: Case, contender: Contender, room: Room): Stage {
    const { floor } = this.#options
    const start = async (how: Start): Promise<ContenderProcess> =>
      ContenderProcess.start(how.contender ?? contender, {
        namespace: how.elsewhere === true ? await room.other('elsewhere') : room.namespace,
        operation: how.operation ?? one.operation,
        arguments: how.arguments ?? one.arguments,
        processor: how.processor,
        patience
      })
    return { case: one, contender, room, floor, start }
  }

  async #roomFor({ setting }: Case): Promise<Room> {
    const { home } = this.#options
    if (setting?.shared === undefined || setting.shared !== this.#shared?.key) await this.close()
    if (this.#shared !== undefined) return this.#shared.room
    const room = await Room.open(home)
    try {
      await setting?.prepare(room)
    } catch (error) {
      await room.close()
      throw error
    }
    if (setting?.shared !== undefined) this.#shared = { key: setting.shared, room }
    return room
  }
}

async function perform(stage: Stage): Promise<Measurement> {
  if (stage.case.perform !== undefined) return stage.case.perform(stage)
  return (await stage.start({})).measurement()
}

const workOf = ({ work, size }: Case): number => work ?? size

const key = ({ series }: Case, { id }: Contender): string => `${id} ${series}`
