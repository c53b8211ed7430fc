/** What is measured: scenarios, each of several cases, each of which every contender does that can. */
import type { ContenderProcess, OperationArguments } from './contender-process.js'
import type { Contender } from './contenders.js'
import type { Measurement } from './measurement.js'
import type { Room } from './room.js'

/** A figure of a measurement, and what it is. */
export interface Figure {
  readonly title: string
  /** Its path in a `Measurement`. */
  readonly path: string
  readonly unit: Unit
  /** How many objects it is divided by. */
  readonly per?: number
}

/** The unit that the path gives; a report chooses a readable one. */
export type Unit = 's' | 'ms' | 'µs' | 'ns' | 'KiB' | 'number' | 'per second' | 'share'

/** What must be there before. */
export interface Setting {
  /** Cases of one shared setting follow each other in one room: they only read. */
  readonly shared?: string
  prepare(room: Room): Promise<void>
}

export interface Case {
  readonly title: string
  readonly operation: string
  readonly arguments: OperationArguments
  /** Cases that differ in `size` alone have one series: they make a line in a plot. */
  readonly series: string
  readonly size: number
  /** How much there is to do, compared with the others of the series; as much as `size` when absent. */
  readonly work?: number
  /** The first is what contenders are compared by. */
  readonly figures: readonly Figure[]
  /** How many objects there must be; anything when absent. */
  readonly count?: number
  readonly setting?: Setting
  /** At most so many measured runs, where one takes long. */
  readonly runs?: number
  /** Measured as often as others although it takes long. */
  readonly repeated?: boolean
  /** Measures in a way of its own; by default the contender does the operation in the room. */
  perform?(stage: Stage): Promise<Measurement>
  /** The operations of the floor that `perform` needs beside the contender. */
  readonly beside?: readonly string[]
}

/** Where `perform` acts. */
export interface Stage {
  readonly room: Room
  readonly case: Case
  readonly contender: Contender
  /** Starts the contender, or another one, in the room or elsewhere. */
  start(start: Start): Promise<ContenderProcess>
  readonly floor: Contender | undefined
}

export interface Start {
  readonly contender?: Contender | undefined
  readonly operation?: string
  readonly arguments?: OperationArguments
  readonly elsewhere?: boolean
  /** The number of the processor that it has, with all of its threads and children; by default all. */
  readonly processor?: number
}

export interface Scenario {
  /** By which the command line knows it. */
  readonly id: string
  readonly title: string
  /** What is done, in a sentence or two for the report. */
  readonly description: string
  cases(sizes: Sizes): readonly Case[]
}

/** `quick` ones only show that everything works. */
export type Sizes = 'full' | 'quick'

/** For a scenario's sizes. */
export const pick = <T>(sizes: Sizes, full: T, quick: T): T => (sizes === 'full' ? full : quick)
